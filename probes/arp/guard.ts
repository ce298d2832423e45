/**
 * The guard of a fixed address, which no server grants: it finds out whether another machine has the address. The node
 * keeps the address all the same, as RFC 5227, section 2.4 (c) allows, and the screen names the other machine.
 */

import type { Link, Network } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { type Log, reason } from "../../system/log.ts";
import { AddressProber } from "./prober.ts";
import { DEFEND_MILLISECONDS } from "./timing.ts";

/** When the second probe follows the first, and when the guard stops waiting for answers. */
const AGAIN_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 3_000;
/** How long after a conflict the guard probes whether the conflict is over. */
const LATER_MILLISECONDS = 60_000;

export interface GuardOptions {
  /** An interface with a carrier. */
  readonly link: Link;
  readonly network: Network;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Takes the hardware address of another machine that has the address, or undefined when the conflict is over. */
  readonly changed: (mac: string | undefined) => void;
}

/** A conflict in words, for log and screen. */
export function describeConflict(conflict: {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}): string {
  return `${conflict.address} of ${conflict.name} is the address of ${conflict.mac} too: one of the two must change`;
}

/** Probes a fixed address, and defends it from then on, until the signal. Never throws. */
export function guardAddress(address: string, options: GuardOptions): void {
  new Guard(address, options).ask();
}

class Guard {
  readonly #address: string;
  readonly #options: GuardOptions;
  readonly #prober: AddressProber;
  #timers: Timer[] = [];
  #isProbing = false;
  #conflict: string | undefined;

  constructor(address: string, options: GuardOptions) {
    this.#address = address;
    this.#options = options;
    this.#prober = new AddressProber({
      ...options,
      onConflict: (mac) => this.#handle(mac),
      onReceiveFailure: (error) => this.#fail(error),
    });
    options.signal.addEventListener("abort", () => this.#rest(), { once: true });
  }

  ask(): void {
    this.#isProbing = true;
    this.#try(() => {
      this.#probe();
      this.#after(AGAIN_MILLISECONDS, () => this.#probe());
      this.#after(PATIENCE_MILLISECONDS, () => this.#settle());
    });
  }

  #probe(): void {
    this.#prober.guard(this.#address);
    this.#prober.probe(this.#address);
  }

  /** No machine has answered. ARP caches of others may still hold a former owner, so the guard announces the address. */
  #settle(): void {
    this.#isProbing = false;
    if (this.#conflict !== undefined) this.#options.changed(undefined);
    this.#conflict = undefined;
    this.#prober.announce(this.#address);
  }

  /** After a conflict the guard is deaf for a while: RFC 5227 allows one announcement in that time, and a flood wakes nothing. */
  #handle(mac: string): void {
    if (!this.#isProbing) this.#try(() => this.#prober.announce(this.#address));
    this.#rest();
    this.#isProbing = false;
    this.#conflict = mac;
    this.#options.changed(mac);
    this.#after(DEFEND_MILLISECONDS, () => this.#prober.guard(this.#address));
    this.#after(LATER_MILLISECONDS, () => this.ask());
  }

  #after(milliseconds: number, act: () => void): void {
    if (this.#options.signal.aborted) return;
    this.#timers.push(setTimeout(() => this.#try(act), milliseconds));
  }

  #rest(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#prober.close();
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const { link, log, signal } = this.#options;
    this.#rest();
    // The link was set down or pulled out: the network probe starts a new guard when it is back.
    if (signal.aborted || failedWith(error, "ENETDOWN", "ENODEV", "ENXIO")) return;
    log.warn(`Cannot ask on ${link.name} who has ${this.#address}: ${reason(error)}, ignoring`);
  }
}
