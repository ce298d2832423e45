/** The last values of a series; a push beyond the capacity drops the oldest. */
export class History {
  readonly #values: Float32Array;
  #count = 0;

  constructor(capacity: number) {
    this.#values = new Float32Array(capacity);
  }

  push(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }

  /** At most `most` of the newest values, oldest first. */
  latest(most: number): number[] {
    const length = Math.max(0, Math.min(most, this.#count, this.#values.length));
    const first = this.#count - length;
    return Array.from({ length }, (_, index) => this.#values[(first + index) % this.#values.length] ?? 0);
  }
}
