/** The nodes that this node has probed and not heard from since. One lost datagram is no death: each is probed again. */

import { ANSWER_TICKS } from "./timing.ts";

export interface FailedProbe {
  readonly address: number;
  /** When the first of the unanswered probes was sent, in milliseconds on this node's clock. */
  readonly sentAt: number;
}

interface Pending {
  /** The tick of the latest probe. */
  readonly tick: number;
  /** When the latest probes were sent, in order; `PROBES` of them at most. */
  readonly sentAt: readonly number[];
}

/** A node that leaves so many probes unanswered, a second apart, is suspected; it is probed on all the same. */
const PROBES = 3;

export class PendingProbes {
  /** By address; the node that was probed longest ago comes first. */
  readonly #pending = new Map<number, Pending>();

  put(address: number, tick: number, now: number): void {
    const before = this.#pending.get(address);
    const sentAt = before === undefined || before.tick === tick ? before?.sentAt : [...before.sentAt, now];
    this.#pending.delete(address);
    this.#pending.set(address, { tick, sentAt: (sentAt ?? [now]).slice(-PROBES) });
  }

  close(address: number): void {
    this.#pending.delete(address);
  }

  clear(): void {
    this.#pending.clear();
  }

  isOpen(address: number): boolean {
    return this.#pending.has(address);
  }

  /**
   * The nodes of which the latest probes all had their time, and are all later than what is known of the node:
   * `producedAt` gives when it last said something, to whomever. What another node has heard since refutes a probe, and
   * the next ones count anew.
   */
  failed(tick: number, producedAt: (address: number) => number): FailedProbe[] {
    return [...this.#late(tick)].flatMap(
      ([
        address,
        {
          sentAt: [first = 0, ...more],
        },
      ]) => (more.length === PROBES - 1 && first >= producedAt(address) ? [{ address, sentAt: first }] : []),
    );
  }

  /** The nodes to probe again, the one probed longest ago first; the unwanted among the late ones are dropped. */
  takeLate(tick: number, isWanted: (address: number) => boolean): number[] {
    const late = [...this.#late(tick)].map(([address]) => address);
    for (const address of late) if (!isWanted(address)) this.#pending.delete(address);
    return late.filter(isWanted);
  }

  *#late(tick: number) {
    for (const entry of this.#pending) if (tick - entry[1].tick >= ANSWER_TICKS) yield entry;
  }
}
