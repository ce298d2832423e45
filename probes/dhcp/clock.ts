/** Time and chance, as the client takes them; tests pass their own. */
export interface Clock {
  /** Milliseconds of a clock that is never set. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called first. */
  after(milliseconds: number, callback: () => void): () => void;
  /** An unpredictable number of 32 bits. */
  random(): number;
}

/** setTimeout() fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    // Rounded up, for a timer that fires early would only be set again.
    const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
  random: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
};
