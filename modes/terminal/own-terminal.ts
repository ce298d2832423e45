import { readlinkSync } from "node:fs";
import { isatty } from "node:tty";

/**
 * The terminal of standard input: in a shell without job control /dev/tty does not work.
 * @throws Error for a terminal that cannot position the cursor
 */
export function ownTerminal(): string {
  if (isDumb()) throw new Error("TERM=dumb was given, and a terminal that positions its cursor was wanted");
  return isatty(0) ? readlinkSync("/proc/self/fd/0") : "/dev/tty";
}

/** Whether the terminal knows no escape sequences, as the shell buffers of editors; terminfo(5) calls it "dumb". */
export function isDumb(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return environment["TERM"] === "dumb";
}
