/** Whom this node has asked and not heard from since. A lost datagram is no death: each is asked twice. */

import { ANSWER_TICKS } from "./timing.ts";

export interface Question {
  readonly address: number;
  /** When it was asked first, on this node's clock. */
  readonly at: number;
}

const TIMES = 2;

export class Questions {
  readonly #open = new Map<number, { readonly at: number; readonly tick: number; readonly times: number }>();

  put(address: number, tick: number, now: number): void {
    const { at = now, times = 0 } = this.#open.get(address) ?? {};
    this.#open.set(address, { at, tick, times: times + 1 });
  }

  close(address: number): void {
    this.#open.delete(address);
  }

  /** Takes out those that have had their time and all their questions. */
  takeFailed(tick: number): Question[] {
    const failed = [...this.#late(tick)].filter(([, { times }]) => times >= TIMES);
    for (const [address] of failed) this.#open.delete(address);
    return failed.map(([address, { at }]) => ({ address, at }));
  }

  /** Who is to be asked again; the others whose time is over are forgotten. */
  nextToRepeat(tick: number, isWanted: (address: number) => boolean): number | undefined {
    for (const [address] of this.#late(tick)) {
      if (isWanted(address)) return address;
      this.#open.delete(address);
    }
    return undefined;
  }

  *#late(tick: number) {
    for (const entry of this.#open) if (tick - entry[1].tick >= ANSWER_TICKS) yield entry;
  }
}
