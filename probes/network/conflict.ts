/** Whether another machine has a fixed address: nobody grants it, so nobody else sees to that (RFC 5227). */

import type { Link, Network } from "../../init/kernel/kernel.ts";
import { type Log, reason } from "../../init/machine/log.ts";
import { AddressProber } from "../dhcp/prober.ts";

/** When it is asked, after the first time, and how long answers are waited for. */
const AGAIN_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 3_000;

export interface ConflictOptions {
  /** With a carrier. */
  readonly link: Link;
  readonly network: Network;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Takes the hardware address of a machine that has it too. */
  readonly found: (mac: string) => void;
}

/** Says it, for log and screen. */
export function describeConflict(conflict: {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}): string {
  return `${conflict.address} of ${conflict.name} is the address of ${conflict.mac} too: one of the two must change`;
}

/** Asks twice who has an address. Never throws. */
export function askWhoHas(address: string, { link, network, log, signal, found }: ConflictOptions): void {
  const warn = (error: unknown): void =>
    log.warn(`Cannot ask on ${link.name} who has ${address}: ${reason(error)}, ignoring`);
  const prober = new AddressProber({ link, network, onConflict: found, onDeaf: warn });
  const timers: Timer[] = [];
  const stop = (): void => {
    signal.removeEventListener("abort", stop);
    for (const timer of timers) clearTimeout(timer);
    prober.close();
  };
  const probe = (): void => {
    try {
      prober.probe(address);
    } catch (error) {
      warn(error);
      stop();
    }
  };
  timers.push(setTimeout(probe, AGAIN_MILLISECONDS), setTimeout(stop, PATIENCE_MILLISECONDS));
  signal.addEventListener("abort", stop, { once: true });
  probe();
}
