import { type Log, reason } from "./log.ts";

/** What a socket that was overrun, or a walk that failed, gets to recover. */
const PAUSE_MILLISECONDS = 1_000;

export interface Following<E> {
  /** Completes "Cannot …". */
  readonly name: string;
  /** Listens until its signal. */
  readonly events: (signal: AbortSignal) => AsyncIterable<E>;
  readonly handle: (event: E) => void;
  /** Takes in all there is now, for what came to be before the listening, or was lost. */
  readonly look: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly pauseMilliseconds?: number;
}

/**
 * Handles what is there and what comes, until the signal. The kernel drops events when a burst overruns the socket
 * (ENOBUFS, netlink(7)): then it listens anew and looks again. Never throws.
 */
export async function follow<E>(following: Following<E>): Promise<void> {
  const { name, events, handle, look, log, signal, pauseMilliseconds = PAUSE_MILLISECONDS } = following;
  while (!signal.aborted) {
    const listening = new AbortController();
    const iterator = events(AbortSignal.any([signal, listening.signal]))[Symbol.asyncIterator]();
    try {
      // Listening begins before looking, so that nothing falls between the two.
      const first = iterator.next();
      // Where the look fails nobody waits for it any more.
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
