/**
 * Whether another machine has a fixed address: nobody grants it, so nobody else sees to that. It is kept all the same,
 * as RFC 5227, section 2.4 (c) allows, and whoever looks at the screen is told.
 */

import type { Link, Network } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { type Log, reason } from "../../system/log.ts";
import { AddressProber } from "./prober.ts";
import { DEFEND_MILLISECONDS } from "./timing.ts";

/** When it is asked, after the first time, and how long answers are waited for. */
const AGAIN_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 3_000;
/** How long after a conflict it is asked whether it is over. */
const LATER_MILLISECONDS = 60_000;

export interface GuardOptions {
  /** With a carrier. */
  readonly link: Link;
  readonly network: Network;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Takes the hardware address of a machine that has it too, or undefined once that has it no more. */
  readonly changed: (mac: string | undefined) => void;
}

/** Says it, for log and screen. */
export function describeConflict(conflict: {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}): string {
  return `${conflict.address} of ${conflict.name} is the address of ${conflict.mac} too: one of the two must change`;
}

/** Asks who has a fixed address, and defends it from then on, until the signal. Never throws. */
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

  /** Nobody has answered. Who had it before may still be in the caches of others. */
  #settle(): void {
    this.#isProbing = false;
    if (this.#conflict !== undefined) this.#options.changed(undefined);
    this.#conflict = undefined;
    this.#prober.announce(this.#address);
  }

  /** Deaf for a while then: one announcement in that time is all that is allowed, and a flood must not wake anybody. */
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
    // A link that was set down, or pulled out: another cable asks anew.
    if (signal.aborted || failedWith(error, "ENETDOWN", "ENODEV", "ENXIO")) return;
    log.warn(`Cannot ask on ${link.name} who has ${this.#address}: ${reason(error)}, ignoring`);
  }
}
