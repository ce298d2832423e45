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
    const [oldest] = this.#slots;
    if (this.#slots.size > this.#most && oldest !== undefined) this.#slots.delete(oldest);
  }

  /** Each slot once, the one touched longest ago first. */
  slots(): number[] {
    return [...this.#slots];
  }

  /** Forgets all: slots have moved. */
  clear(): void {
    this.#slots.clear();
  }
}
