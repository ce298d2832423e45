/** A machine that records what is asked of it, and does nothing. */

import type { Child, ChildEnd, ChildOptions, Children } from "../../system/children.ts";
import type {
  AddressOwner,
  Kernel,
  Link,
  LinkEvent,
  Network,
  PacketKind,
  PacketSocket,
  Uevent,
} from "../../system/kernel/kernel.ts";
import type { KernelLog } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { createStep } from "../../system/step.ts";

/** Values that a test hands out one by one, to one reader. */
export class Feed<T> implements AsyncIterable<T> {
  readonly #pipe = new TransformStream<T, T>(undefined, { highWaterMark: 1_000 });
  readonly #writer = this.#pipe.writable.getWriter();
  push = (value: T): void => void this.#writer.write(value);
  fail = (error: Error): void => void this.#writer.abort(error).catch(() => {});
  [Symbol.asyncIterator] = (): AsyncIterator<T> => this.#pipe.readable[Symbol.asyncIterator]();
}

/** Fails a call whose words begin so. */
export interface Failure {
  readonly call: string;
  readonly message: string;
}

export class FakeKernel implements Kernel {
  /** "mount proc on /proc", "sync", in order; the network's calls are among them. */
  readonly calls: string[] = [];
  readonly failures: Failure[] = [];
  /** Ended children that nobody has collected, in order. */
  readonly ended: number[] = [];
  isShiftHeld = false;
  readonly deviceEvents = new Feed<Uevent>();
  readonly network = new FakeNetwork((call) => this.#call(call));

  readonly clock: Kernel["clock"] = {
    step: (milliseconds) => this.#call(`step the clock by ${milliseconds} ms`),
    slew: (milliseconds) => this.#call(`slew the clock by ${milliseconds} ms`),
  };

  mount: Kernel["mount"] = ({ source, type, target, flags = [], data = "" }) =>
    this.#call(["mount", type || source, "on", target, ...flags, data].filter(Boolean).join(" "));
  unmount: Kernel["unmount"] = (target, { lazy } = { lazy: false }) =>
    this.#call(`unmount ${target}${lazy ? " lazily" : ""}`);
  sync = (): void => this.#call("sync");
  end: Kernel["end"] = (how) => this.#call(how);
  endedChild = (): number | undefined => this.ended[0];
  reap(pid: number): void {
    this.#call(`reap ${pid}`);
    this.ended.splice(this.ended.indexOf(pid), 1);
  }
  outliveSignals = (): void => this.#call("outlive signals");
  /** The pipes from children, the first first; a test pushes what a child writes. */
  readonly pipes: Feed<Uint8Array>[] = [];
  pipe: Kernel["pipe"] = () => {
    const bytes = new Feed<Uint8Array>();
    this.pipes.push(bytes);
    return { writer: 60 + this.pipes.length, closeWriter: () => {}, bytes };
  };
  signalAll: Kernel["signalAll"] = (signal) => this.#call(`${signal} to all`);
  shiftHeld(): boolean {
    this.#call("look for Shift");
    return this.isShiftHeld;
  }
  addBlocks: Kernel["addBlocks"] = (path, blocks) =>
    this.#call(`draw ${blocks.map(({ character }) => character).join("")} on ${path}`);
  eject(path: string): void {
    this.#call(`eject ${path}`);
  }
  limitDrain = (path: string, seconds: number): void => this.#call(`let ${path} drain for ${seconds} s`);
  listen(port: number): number {
    this.#call(`listen on ${port}`);
    return 40;
  }
  uevents = (): AsyncIterable<Uevent> => (this.#listeners++ === 0 ? this.deviceEvents : new Feed<Uevent>());

  #listeners = 0;
  #call(call: string): void {
    const failure = this.failures.find((each) => call.startsWith(each.call));
    if (failure) throw new Error(failure.message);
    this.calls.push(call);
  }
}

export class FakeNetwork implements Network {
  current: Link[] = [];
  /** What is pushed here is also how the links are from then on. */
  readonly events = new Feed<LinkEvent>();
  readonly #call: (call: string) => void;

  constructor(call: (call: string) => void) {
    this.#call = call;
    const { push } = this.events;
    this.events.push = (event) => {
      const { kind, link } = event;
      const others = this.current.filter(({ index }) => index !== link.index);
      this.current = kind === "changed" ? [...others, link] : others;
      push(event);
    };
  }

  links(): Link[] {
    this.#call("links");
    return this.current;
  }
  linkEvents = (): AsyncIterable<LinkEvent> => this.events;
  setLink: Network["setLink"] = (index, { up, mtu, name, address, master }) => {
    const changes = [
      ...[
        up !== undefined && (up ? "up" : "down"),
        mtu !== undefined && `mtu ${mtu}`,
        name && `name ${name}`,
      ],
      ...[address && `address ${address.toHex()}`, master !== undefined && `master ${master}`],
    ];
    this.#call(`set link ${index} ${changes.filter(Boolean).join(" ")}`);
  };
  addLink: Network["addLink"] = (link) => {
    const detail = link.kind === "vlan" ? `id ${link.id} on ${link.parent}` : "";
    const targets =
      link.kind === "bond" && link.neighborTargets ? `for ${link.neighborTargets.join(" ")}` : "";
    this.#call(["make", link.kind, link.name, detail, targets].filter(Boolean).join(" "));
  };
  addAddress: Network["addAddress"] = (index, { address, prefix }) =>
    this.#call(`add ${address}/${prefix} to ${index}`);
  removeAddress: Network["removeAddress"] = (index, { address, prefix }) =>
    this.#call(`remove ${address}/${prefix} from ${index}`);
  addRoute: Network["addRoute"] = ({ index, destination, prefix, metric }) =>
    this.#call(`add route ${destination}/${prefix} on ${index} metric ${metric}`);
  removeRoute: Network["removeRoute"] = ({ index, destination, prefix, metric }) =>
    this.#call(`remove route ${destination}/${prefix} on ${index} metric ${metric}`);
  openPacketSocket(index: number, kind: PacketKind, owner?: AddressOwner): PacketSocket {
    const doing = owner ? `guard ${owner.address}` : `open ${kind === "arp" ? "ARP " : ""}socket`;
    this.#call(`${doing} on ${index}`);
    const socket = new FakePacketSocket();
    (owner ? this.guards : kind === "arp" ? this.arpSockets : this.sockets).set(index, socket);
    return socket;
  }
  /** The latest of each interface. */
  readonly arpSockets = new Map<number, FakePacketSocket>();
  /** Those that hear who claims an address of ours. */
  readonly guards = new Map<number, FakePacketSocket>();
  readonly sockets = new Map<number, FakePacketSocket>();
}

export class FakePacketSocket implements PacketSocket {
  readonly sent: Uint8Array[] = [];
  readonly packets = new Feed<Uint8Array>();
  isClosed = false;
  send = (packet: Uint8Array): void => void this.sent.push(packet);
  close = (): void => {
    this.isClosed = true;
  };
}

export class FakeLog implements KernelLog {
  /** "info: entering …", in order. */
  readonly lines: string[] = [];
  isOpen = false;
  error = (line: string): void => void this.lines.push(`error: ${line}`);
  warn = (line: string): void => void this.lines.push(`warn: ${line}`);
  info = (line: string): void => void this.lines.push(`info: ${line}`);
  debug = (line: string): void => void this.lines.push(`debug: ${line}`);
  open = (): void => {
    this.isOpen = true;
  };
}

export class FakeChild implements Child {
  readonly signals: string[] = [];
  readonly #end = Promise.withResolvers<ChildEnd>();
  readonly ended = this.#end.promise;
  readonly pid: number;
  readonly command: readonly string[];
  readonly options: ChildOptions;
  said = "";

  constructor(pid: number, command: readonly string[], options: ChildOptions) {
    this.pid = pid;
    this.command = command;
    this.options = options;
  }

  /** Ends it, by a status or a signal. */
  finish(how: number | NodeJS.Signals): void {
    const isStatus = typeof how === "number";
    this.#end.resolve({ status: isStatus ? how : undefined, signal: isStatus ? undefined : how });
  }
  errors = async (): Promise<string> => this.said;
  kill: Child["kill"] = (signal) => void this.signals.push(signal);
}

export class FakeChildren implements Children {
  readonly all: FakeChild[] = [];
  /** Called with each new child, as to end it at once. */
  onSpawn: (child: FakeChild) => void = () => {};
  reaps = 0;

  spawn(command: readonly string[], options: ChildOptions = {}): FakeChild {
    const child = new FakeChild(100 + this.all.length, command, options);
    this.all.push(child);
    this.onSpawn(child);
    return child;
  }
  reapOrphans = (): void => {
    this.reaps += 1;
  };
}

export interface FakeMachine extends Machine {
  readonly kernel: FakeKernel;
  readonly children: FakeChildren;
  readonly log: FakeLog;
}

/** A machine whose files lie below `root`, and whose clock stands still. */
export function fakeMachine(root: string): FakeMachine {
  const log = new FakeLog();
  return {
    kernel: new FakeKernel(),
    root,
    children: new FakeChildren(),
    log,
    step: createStep(log, () => 0),
  };
}

/** Everything that is ready to run has run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
