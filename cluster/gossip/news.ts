/** Which nodes came, went or are in doubt: who knows of it last tells it first, a few times each (SWIM, section 4.1). */

export class News {
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
    const latest = [...this.#told].reverse().sort(([, a], [, b]) => a - b);
    const taken = latest.slice(0, most);
    for (const [slot, times] of taken) this.#told.set(slot, times + 1);
    return taken.map(([slot]) => slot);
  }

  /** Forgets all: slots have moved. */
  clear(): void {
    this.#told.clear();
  }
}
