/** From 0 to 1, oldest first, `undefined` where a share was not known. */
export type Shares = readonly (number | undefined)[];

/** The last values of a series, `undefined` where there was none; a push beyond the capacity drops the oldest. */
export class History {
  readonly #values: Float32Array;
  #count = 0;

  constructor(capacity: number) {
    this.#values = new Float32Array(capacity);
  }

  push(value: number | undefined): void {
    this.#values[this.#count++ % this.#values.length] = value ?? Number.NaN;
  }

  /** At most `most` of the newest values, oldest first. */
  latest(most: number): (number | undefined)[] {
    const length = Math.max(0, Math.min(most, this.#count, this.#values.length));
    const first = this.#count - length;
    return Array.from({ length }, (_, index) => {
      const value = this.#values[(first + index) % this.#values.length];
      return Number.isNaN(value) ? undefined : value;
    });
  }
}
