/** Short sentences for the long errors of Bun's fetch(). */

import { reason } from "./log.ts";

/** The system call of Node's name look-up; all others in an error are of the file system, which has its own words. */
const LOOK_UP = "getaddrinfo";

/** Says why fetch(), or the reading of its answer, has failed; `limitMilliseconds` is what its `signal` allowed. */
export function describeFetchFailure(error: unknown, limitMilliseconds: number): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return `no whole answer within ${limitMilliseconds / 1_000} s`;
  const { code, syscall = LOOK_UP } = error as NodeJS.ErrnoException;
  return typeof code === "string" && syscall === LOOK_UP ? `there is no connection (${code})` : reason(error);
}
