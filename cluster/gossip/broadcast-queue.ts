/** Which nodes came, went or are in doubt: who knows of it last tells it first, a few times each (SWIM, section 4.1). */

export class BroadcastQueue {
  readonly #most: number;
  /** How often each slot was told, in the order of the changes. */
  readonly #told = new Map<number, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Something changed there; what was said of it before does not count. */
  add(slot: number): void {
    this.#told.delete(slot);
    this.#told.set(slot, 0);
    const [oldest] = this.#told.keys();
    if (this.#told.size > this.#most && oldest !== undefined) this.#told.delete(oldest);
  }

  /** Forgets the oldest changes, up to the first that is still wanted. */
  dropUntil(isWanted: (slot: number) => boolean): void {
    for (const slot of this.#told.keys()) {
      if (isWanted(slot)) return;
      this.#told.delete(slot);
    }
  }

  /** Those told least often, the latest of them first; they are told now. */
  take(most: number): number[] {
    const latest = [...this.#told].reverse();
    const taken: number[] = [];
    for (
      let times = fewest(latest, -1);
      taken.length < most && times < Infinity;
      times = fewest(latest, times)
    ) {
      for (const [slot, told] of latest) if (told === times && taken.length < most) taken.push(slot);
    }
    for (const slot of taken) this.#told.set(slot, (this.#told.get(slot) ?? 0) + 1);
    return taken;
  }

  /** Forgets all: slots have moved. */
  clear(): void {
    this.#told.clear();
  }
}

/** How often those were told that were told least often, but more often than that. */
function fewest(all: readonly (readonly [slot: number, times: number])[], than: number): number {
  let least = Infinity;
  for (const [, times] of all) if (times > than && times < least) least = times;
  return least;
}
