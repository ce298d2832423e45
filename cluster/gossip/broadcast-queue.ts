/** Which nodes came, went or are in doubt: who knows of it last tells it first, a few times each (SWIM, section 4.1). */

export class BroadcastQueue {
  readonly #most: number;
  /** How often each address was told, in the order of the changes. */
  readonly #told = new Map<number, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Something changed there; what was said of it before does not count. */
  add(address: number): void {
    this.#told.delete(address);
    this.#told.set(address, 0);
    const [oldest] = this.#told.keys();
    if (this.#told.size > this.#most && oldest !== undefined) this.#told.delete(oldest);
  }

  /** Forgets the oldest changes, up to the first that is still wanted. */
  dropUntil(isWanted: (address: number) => boolean): void {
    for (const address of this.#told.keys()) {
      if (isWanted(address)) return;
      this.#told.delete(address);
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
      for (const [address, told] of latest) if (told === times && taken.length < most) taken.push(address);
    }
    for (const address of taken) this.#told.set(address, (this.#told.get(address) ?? 0) + 1);
    return taken;
  }
}

/** How often those were told that were told least often, but more often than that. */
function fewest(all: readonly (readonly [address: number, times: number])[], than: number): number {
  let least = Infinity;
  for (const [, times] of all) if (times > than && times < least) least = times;
  return least;
}
