/** Whom this node has asked and not heard from since. A lost datagram is no death: each is asked again and again. */

import { ANSWER_TICKS } from "./timing.ts";

export interface FailedProbe {
  readonly address: number;
  /** When it was asked first, on this node's clock. */
  readonly at: number;
}

/** Who has not answered so many times, a second apart, is suspected; it is asked on all the same. */
const TIMES = 3;

export class PendingProbes {
  readonly #open = new Map<number, { readonly at: number; readonly tick: number; readonly times: number }>();

  put(address: number, tick: number, now: number): void {
    const { at = now, times = 0 } = this.#open.get(address) ?? {};
    this.#open.set(address, { at, tick, times: times + 1 });
  }

  close(address: number): void {
    this.#open.delete(address);
  }

  clear(): void {
    this.#open.clear();
  }

  isOpen(address: number): boolean {
    return this.#open.has(address);
  }

  /** Those that have now had their time and all the questions it takes to doubt them. */
  failed(tick: number): FailedProbe[] {
    return [...this.#late(tick)]
      .filter(([, { times }]) => times === TIMES)
      .map(([address, { at }]) => ({ address, at }));
  }

  /** Who is to be asked again; the others whose time is over are forgotten. */
  takeLate(tick: number, isWanted: (address: number) => boolean): number[] {
    const late = [...this.#late(tick)].map(([address]) => address);
    for (const address of late) if (!isWanted(address)) this.#open.delete(address);
    return late.filter(isWanted);
  }

  *#late(tick: number) {
    for (const entry of this.#open) if (tick - entry[1].tick >= ANSWER_TICKS) yield entry;
  }
}
