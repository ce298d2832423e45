/** Lets so many through in a second, and as many at once. */
export class TokenBucket {
  readonly #rate: number;
  #tokens: number;
  #at = 0;

  constructor(rate: number) {
    this.#rate = rate;
    this.#tokens = rate;
  }

  /** Whether one more may pass; `now` is in milliseconds and never goes back. */
  takes(now: number): boolean {
    this.#tokens = Math.min(this.#tokens + ((now - this.#at) * this.#rate) / 1_000, this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
