/** The DHCP client of one interface: performs the effects of `transition()`, and feeds it events. */

import type { Link, Network } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { type Log, reason } from "../../system/log.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { AddressProber } from "../arp/prober.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Lease } from "./lease.ts";
import { DhcpPacketError } from "./packet/packet-error.ts";
import { readReply } from "./reply.ts";
import { changeLine, type StatusText, statusText } from "./report.ts";
import { type Effect, type Event, initialState, type State } from "./state.ts";
import { transition } from "./transition.ts";
import { type NameAt, Transport } from "./transport.ts";
import type { UnicastSocket } from "./unicast.ts";

export interface DhcpClient {
  /** The carrier came or went. */
  carrier(up: boolean): void;
  /** Gives the lease back to its server and ends the client; the address stays on the interface. */
  release(): Promise<void>;
  readonly state: State["at"];
}

export interface DhcpOptions {
  /** An Ethernet interface that is up. */
  readonly link: Link;
  readonly carrier: boolean;
  readonly network: Network;
  /** The address of this interface before the boot; the client asks for it first. */
  readonly previous?: string;
  readonly nameAt?: NameAt;
  /** Type and value of option 61; default: the hardware address. */
  readonly clientId?: Uint8Array;
  readonly log: Log;
  /** Ends the client; the lease stays as it is. */
  readonly signal: AbortSignal;
  /**
   * Takes a new or renewed lease, or undefined when the lease is lost. The address must be on the interface, or off it,
   * when this returns: the client sends renewals from the address.
   */
  readonly onLease: (lease: Lease | undefined) => void;
  /** Takes the text for the screen, at each change and each message. */
  readonly onState?: (text: StatusText) => void;
  readonly clock?: Clock;
  readonly openUnicast?: (address: string) => Promise<UnicastSocket>;
}

/** The log names so many different faults of options at most. */
const MOST_IGNORED_NAMED = 10;

/**
 * Starts a client at once; the client never gives up. It throws nothing: it logs a failed action, and tries again at the
 * next timer.
 */
export function startDhcpClient(options: DhcpOptions): DhcpClient {
  return new Client(options);
}

class Client implements DhcpClient {
  readonly #options: DhcpOptions;
  readonly #clock: Clock;
  #state: State;
  #stopTimer = () => {};
  readonly #transport: Transport;
  readonly #prober: AddressProber;
  #dropped = 0;
  /** Faults of options that the log has named. */
  readonly #ignored = new Set<string>();
  #hasEnded = false;

  constructor(options: DhcpOptions) {
    this.#clock = options.clock ?? systemClock;
    // Any machine of the network can cause most of its lines.
    this.#options = { ...options, log: new RateLimitedLog(options.log, () => this.#clock.now()) };
    this.#state = initialState(options.carrier, this.#clock.now(), options.previous);
    this.#transport = new Transport({
      ...options,
      onPacket: (packet) => this.#receive(packet),
      onFailure: (what, error) => this.#lose(what, error),
    });
    this.#prober = new AddressProber({
      ...options,
      onConflict: (mac) => this.#handle({ kind: "conflict", mac }),
      onReceiveFailure: (error) => this.#lose("hear who has an address", error),
    });
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
    this.#setTimer();
    this.#showState();
  }

  get state(): State["at"] {
    return this.#state.at;
  }

  carrier(up: boolean): void {
    this.#handle({ kind: "carrier", up });
  }

  async release(): Promise<void> {
    this.#handle({ kind: "release" });
    await this.#transport.sent();
    this.#stop();
  }

  #handle(event: Event): void {
    if (this.#options.signal.aborted || this.#hasEnded) return;
    const now = this.#clock.now();
    const jitter = (this.#clock.random() / 0xffffffff) * 2 - 1;
    const from = this.#state;
    const outcome = transition(from, { ...event, now, jitter, newXid: this.#clock.random() });
    this.#state = outcome.state;
    // The timer comes first, so that the client goes on whatever fails below.
    this.#setTimer();
    if (outcome.state === from) {
      if ("xid" in event) this.#drop(`${event.kind} ${event.xid.toString(16)} in ${from.at}`);
      return;
    }
    const line = changeLine(from, outcome);
    if (line !== undefined) this.#options.log.info(`${this.#name} ${line}`);
    for (const effect of outcome.effects) this.#perform(effect);
    if (outcome.state.at !== "RENEWING" && outcome.state.at !== "REBINDING") this.#transport.closeUnicast();
    this.#attempt("guard an address", () => this.#hearConflicts(outcome.state));
    this.#showState();
  }

  #hearConflicts(state: State): void {
    if (["REQUESTING", "REBOOTING", "PROBING"].includes(state.at)) return;
    if ("lease" in state) this.#prober.guard(state.lease.address);
    else this.#prober.close();
  }

  #showState(): void {
    const text = statusText(this.#state, this.#clock.now());
    this.#attempt("show the state", () => this.#options.onState?.(text));
  }

  #perform(effect: Effect): void {
    const [doing, act] = this.#actionOf(effect);
    this.#attempt(doing, act);
  }

  #actionOf(effect: Effect): [doing: string, act: () => void] {
    switch (effect.kind) {
      case "send":
        return [`send ${effect.request.type}`, () => this.#transport.send(effect.request)];
      case "probe":
        return ["probe an address", () => this.#prober.probe(effect.address)];
      case "announce":
        return ["announce an address", () => this.#prober.announce(effect.address)];
      case "lease":
        return ["use a lease", () => this.#options.onLease(effect.lease)];
      default:
        return effect satisfies never;
    }
  }

  #receive(packet: Uint8Array): void {
    const ignored = ({ message }: DhcpPacketError) => this.#noteIgnored(message);
    try {
      this.#handle(readReply(packet, { mac: this.#options.link.address, ignored }));
    } catch (error) {
      if (error instanceof DhcpPacketError) this.#drop(error.message);
      else this.#warn("use a packet", error);
    }
  }

  /** Names each fault once, and few in all: any machine of the network can cause such lines. */
  #noteIgnored(message: string): void {
    if (this.#ignored.has(message) || this.#ignored.size >= MOST_IGNORED_NAMED) return;
    this.#ignored.add(message);
    this.#options.log.warn(`${this.#name} ${message}, ignoring`);
  }

  #setTimer(): void {
    this.#stopTimer();
    const { wake } = this.#state;
    if (wake === Infinity) return;
    this.#stopTimer = this.#clock.after(wake - this.#clock.now(), () => this.#handle({ kind: "timer" }));
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#stopTimer();
    this.#prober.close();
    this.#transport.close();
  }

  #drop(why: string): void {
    this.#dropped += 1;
    this.#options.log.debug(`${this.#name} dropped packet ${this.#dropped}: ${why}`);
  }

  #attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#warn(what, error);
    }
  }

  /** Sockets fail with a link that is set down or pulled out; the network probe logs that already. */
  #lose(what: string, error: unknown): void {
    if (failedWith(error, "ENETDOWN", "ENODEV", "ENXIO"))
      this.#options.log.debug(`${this.#name} Cannot ${what}: ${reason(error)}, going on`);
    else this.#warn(what, error);
  }

  #warn(what: string, error: unknown): void {
    if (this.#options.signal.aborted) return;
    this.#options.log.warn(`${this.#name} Cannot ${what}: ${reason(error)}, going on`);
  }

  get #name(): string {
    return `dhcp ${this.#options.link.name}:`;
  }
}
