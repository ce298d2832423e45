/** What a program says on its standard output and error. */

import { writeSync } from "node:fs";

/** Writes a text at once, because the program ends right after; where nobody reads any more it is dropped. */
export function say(descriptor: number, text: string): void {
  try {
    for (let bytes = Buffer.from(text); bytes.length > 0; )
      bytes = bytes.subarray(writeSync(descriptor, bytes));
  } catch (error) {
    if (!isUnread(error)) throw error;
  }
}

/** Whether a failure says that whoever read what was written has gone: `| head` has what it wants. */
export function isUnread(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "EPIPE";
}
