const FIRST_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 32_000;

export interface Persistence {
  readonly signal: AbortSignal;
  readonly failed: (error: unknown) => void;
}

/** Calls `act` at once; while it throws, again after 1 s, then with twice the interval each time up to 32 s, until the signal. */
export function persist(act: () => void, { signal, failed }: Persistence, wait = FIRST_MILLISECONDS): void {
  if (signal.aborted) return;
  try {
    act();
  } catch (error) {
    failed(error);
    const next = Math.min(wait * 2, LONGEST_MILLISECONDS);
    const stop = (): void => clearTimeout(timer);
    const timer = setTimeout(() => {
      // An act that never works must not gather listeners.
      signal.removeEventListener("abort", stop);
      persist(act, { signal, failed }, next);
    }, wait);
    signal.addEventListener("abort", stop, { once: true });
  }
}
