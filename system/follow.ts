import { type Log, reason } from "./log.ts";

/** Pause after an overrun socket or a failed look. */
const PAUSE_MILLISECONDS = 1_000;

export interface Following<E> {
  /** Completes "Cannot …". */
  readonly name: string;
  /** Listens until its signal. */
  readonly events: (signal: AbortSignal) => AsyncIterable<E>;
  readonly handle: (event: E) => void;
  /** Handles all present objects: those older than the socket, and those whose events were lost. */
  readonly look: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly pauseMilliseconds?: number;
}

/**
 * Handles present and new objects until the signal. The kernel drops events when a burst overruns the socket (ENOBUFS,
 * netlink(7)): then a new socket listens, and `look` runs again. Never throws.
 */
export async function follow<E>(following: Following<E>): Promise<void> {
  const { name, events, handle, look, log, signal, pauseMilliseconds = PAUSE_MILLISECONDS } = following;
  while (!signal.aborted) {
    const listening = new AbortController();
    const iterator = events(AbortSignal.any([signal, listening.signal]))[Symbol.asyncIterator]();
    try {
      // The socket opens before the look, so no event is lost between the two.
      const first = iterator.next();
      // If look() throws, no caller awaits this promise.
      first.catch(() => {});
      look();
      for (let event = await first; !event.done; event = await iterator.next()) handle(event.value);
      return;
    } catch (error) {
      log.warn(`Cannot ${name}: ${reason(error)}, looking again`);
      listening.abort();
      // A listening whose handler has failed waits for its next reader, and its socket would stay open.
      iterator.return?.().catch(() => {});
      await Bun.sleep(pauseMilliseconds);
    }
  }
}
