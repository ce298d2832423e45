/** Standard output and error, and whole writes to any descriptor. */

import { writeSync } from "node:fs";

/** Where a command says what it has to say; a text has its newlines. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Writes a whole text or all bytes: write(2) may take a part. @throws the error of write(2) */
export function writeAll(descriptor: number, data: string | Uint8Array): void {
  for (let rest = typeof data === "string" ? Buffer.from(data) : data; rest.length > 0; )
    rest = rest.subarray(writeSync(descriptor, rest));
}

/** Writes a text at once, because the program ends right after; drops the text where the reader has gone. */
export function say(descriptor: number, text: string): void {
  try {
    writeAll(descriptor, text);
  } catch (error) {
    if (!isUnread(error)) throw error;
  }
}

/** Whether a write failed because the reader has gone, as `| head` does when it has its lines. */
export function isUnread(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "EPIPE";
}
