/** Remembers which addresses were touched last, so that the freshest of ten thousand nodes need no search. */
export class Recent {
  readonly #most: number;
  /** In the order of their last touch. */
  readonly #addresses = new Set<number>();

  constructor(most: number) {
    this.#most = most;
  }

  touch(address: number): void {
    this.#addresses.delete(address);
    this.#addresses.add(address);
    const [oldest] = this.#addresses;
    if (this.#addresses.size > this.#most && oldest !== undefined) this.#addresses.delete(oldest);
  }

  /** Each address once, the one touched longest ago first. */
  addresses(): number[] {
    return [...this.#addresses];
  }
}
