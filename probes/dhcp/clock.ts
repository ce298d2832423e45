/** The source of time and random numbers; tests pass their own. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called first. */
  after(milliseconds: number, callback: () => void): () => void;
  /** An unpredictable number of 32 bits. */
  random(): number;
}

/** setTimeout() fires at once for a longer wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    // Rounded up: the client would only set a timer again that fires early.
    const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
  random: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
};
