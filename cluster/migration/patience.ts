/**
 * How long a node waits for another one while a process may stand still: a daemon that hangs keeps its connections, and says
 * nothing.
 */

/** The other node takes nothing, or says nothing. */
export const SILENCE_MILLISECONDS = 30_000;
/** Said by the node that takes a process, as long as it has no other word to say. */
export const STILL = "still";
export const STILL_MILLISECONDS = 5_000;

/** For a process without memory, and what the slowest node restores of the memory in a millisecond. */
const RESTORE_MILLISECONDS = 60_000;
const RESTORED_BYTES = 20_000;

/** How long criu(8) may take to restore images of so many bytes: the original stands still meanwhile. */
export function restoreMilliseconds(bytes: number): number {
  return RESTORE_MILLISECONDS + bytes / RESTORED_BYTES;
}

/** @throws Error "the other node has …" where that is not so within the milliseconds; `act` goes on then */
export async function within<T>(milliseconds: number, what: string, act: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new Error(`the other node has ${what} for ${milliseconds / 1_000} s`);
  const timer = setTimeout(() => reject(late), milliseconds);
  return await Promise.race([act, promise]).finally(() => clearTimeout(timer));
}
