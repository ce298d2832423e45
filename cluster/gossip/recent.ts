/** Remembers which slots were touched last, so that the freshest of ten thousand nodes need no search. */
export class Recent {
  readonly #most: number;
  /** In the order of their last touch. */
  readonly #slots = new Set<number>();

  constructor(most: number) {
    this.#most = most;
  }

  touch(slot: number): void {
    this.#slots.delete(slot);
    this.#slots.add(slot);
    if (this.#slots.size > this.#most) this.#dropWhile(() => this.#slots.size > this.#most);
  }

  /** Each slot once, the one touched longest ago first. */
  slots(): number[] {
    return [...this.#slots];
  }

  /** Forgets those touched longest ago, up to the first that is still wanted. */
  dropUntil(isWanted: (slot: number) => boolean): void {
    this.#dropWhile((slot) => !isWanted(slot));
  }

  /** Forgets all: slots have moved. */
  clear(): void {
    this.#slots.clear();
  }

  #dropWhile(isUnwanted: (slot: number) => boolean): void {
    for (const slot of this.#slots) {
      if (!isUnwanted(slot)) return;
      this.#slots.delete(slot);
    }
  }
}
