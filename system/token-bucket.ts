/** Lets so many through in a second on average, and `capacity` at once. */
export class TokenBucket {
  readonly #rate: number;
  readonly #capacity: number;
  #tokens: number;
  #at = 0;

  /** @param rate tokens a second @param capacity tokens of a full bucket, as many as come in a second by default */
  constructor(rate: number, capacity = rate) {
    this.#rate = rate;
    this.#capacity = capacity;
    this.#tokens = capacity;
  }

  /** Whether one more may pass; `now` is in milliseconds and never goes back. */
  takes(now: number): boolean {
    this.#tokens = Math.min(this.#tokens + ((now - this.#at) * this.#rate) / 1_000, this.#capacity);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
