/** A network of one interface that records what is asked of it, and a clock that a test moves. */

import type { Clock } from "../../../../probes/dhcp/clock.ts";
import type {
  AddressOwner,
  Link,
  Network,
  PacketKind,
  PacketSocket,
} from "../../../../system/kernel/kernel.ts";
import type { Log } from "../../../../system/log.ts";
import { MAC } from "./captured.ts";

export const LINK: Link = {
  index: 2,
  name: "eth0",
  type: 1,
  address: MAC,
  up: true,
  carrier: true,
  mtu: 1_500,
};

export class FakeNetwork implements Network {
  /** "add address 10.9.0.50/24", in order. */
  readonly calls: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly arpSockets: FakeSocket[] = [];
  /** Those that hear who claims an address of ours. */
  readonly guards: FakeSocket[] = [];
  /** Calls that begin like this fail, with that errno name. */
  failing: { readonly call: string; readonly errno: string } | undefined;

  /** The largest packet that a socket takes. */
  mtu = LINK.mtu;

  links = (): Link[] => [{ ...LINK, mtu: this.mtu }];
  async *linkEvents() {}

  setLink: Network["setLink"] = (index, { mtu }) => this.#call(`set mtu ${mtu} on ${index}`);
  addLink: Network["addLink"] = ({ name }) => this.#call(`make ${name}`);
  addAddress: Network["addAddress"] = (
    _,
    { address, prefix, broadcast = "-", validSeconds = "ever", metric },
  ) => this.#call(`add address ${address}/${prefix} ${broadcast} for ${validSeconds} metric ${metric}`);
  removeAddress: Network["removeAddress"] = (_, { address, prefix }) =>
    this.#call(`remove address ${address}/${prefix}`);
  addRoute: Network["addRoute"] = ({ destination, prefix, gateway = "link", source, metric }) =>
    this.#call(`add route ${destination}/${prefix} via ${gateway} from ${source} metric ${metric}`);
  removeRoute: Network["removeRoute"] = ({ destination, prefix, gateway = "link" }) =>
    this.#call(`remove route ${destination}/${prefix} via ${gateway}`);

  openPacketSocket(_: number, kind: PacketKind, owner?: AddressOwner): PacketSocket {
    this.#call(owner ? `guard ${owner.address}` : `open ${kind === "arp" ? "ARP " : ""}socket`);
    const socket = new FakeSocket(() => this.mtu);
    (owner ? this.guards : kind === "arp" ? this.arpSockets : this.sockets).push(socket);
    return socket;
  }

  #call(call: string): void {
    const { failing } = this;
    if (failing && call.startsWith(failing.call)) {
      throw Object.assign(new Error(`Cannot ${call}: ${failing.errno}`), { errno: failing.errno });
    }
    this.calls.push(call);
  }
}

/** Holds what was sent; `deliver()` is a packet that arrives. */
export class FakeSocket implements PacketSocket {
  readonly sent: Uint8Array[] = [];
  isClosed = false;
  readonly #mtu: () => number;
  readonly #pipe = new TransformStream<Uint8Array, Uint8Array>(undefined, { highWaterMark: 100 });
  readonly #writer = this.#pipe.writable.getWriter();
  readonly packets: AsyncIterable<Uint8Array> = this.#pipe.readable;

  constructor(mtu: () => number) {
    this.#mtu = mtu;
  }

  send = (packet: Uint8Array): void => {
    if (packet.length > this.#mtu())
      throw Object.assign(new Error("Cannot send: EMSGSIZE"), { errno: "EMSGSIZE" });
    this.sent.push(packet);
  };
  deliver = (packet: Uint8Array): Promise<void> => this.#writer.write(packet);
  fail = (error: Error): Promise<void> => this.#writer.abort(error);
  close(): void {
    this.isClosed = true;
    this.#writer.close().catch(() => {});
  }
}

export class FakeClock implements Clock {
  #now = 0;
  #timer: { readonly at: number; readonly callback: () => void } | undefined;
  #random = 0x7fffffff;

  now = (): number => this.#now;
  random = (): number => this.#random++;
  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timer = timer;
    return () => {
      if (this.#timer === timer) this.#timer = undefined;
    };
  }

  /** Lets time pass, and what waits on promises run. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await settle();
    while (this.#timer !== undefined && this.#timer.at <= until) {
      const { at, callback } = this.#timer;
      this.#timer = undefined;
      this.#now = Math.max(this.#now, at);
      callback();
      await settle();
    }
    this.#now = until;
  }

  get isIdle(): boolean {
    return this.#timer === undefined;
  }
}

/** Everything that is ready to run has run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export class FakeLog implements Log {
  /** "info: dhcp eth0: ...", in order. */
  readonly lines: string[] = [];
  error = (line: string): void => void this.lines.push(`error: ${line}`);
  warn = (line: string): void => void this.lines.push(`warn: ${line}`);
  info = (line: string): void => void this.lines.push(`info: ${line}`);
  debug = (line: string): void => void this.lines.push(`debug: ${line}`);
}
