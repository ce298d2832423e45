/** Remembers which slots were touched last, so that the freshest of ten thousand nodes need no search. */
export class Recent {
  readonly #slots: Int32Array;
  #next = 0;

  constructor(length: number) {
    this.#slots = new Int32Array(length).fill(-1);
  }

  touch(slot: number): void {
    this.#slots[this.#next++ % this.#slots.length] = slot;
  }

  /** Each slot once, in no order. */
  slots(): number[] {
    return [...new Set(this.#slots)].filter((slot) => slot >= 0);
  }

  /** Forgets all: slots have moved. */
  clear(): void {
    this.#slots.fill(-1);
  }
}
