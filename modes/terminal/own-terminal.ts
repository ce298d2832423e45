import { readlinkSync } from "node:fs";
import { isatty } from "node:tty";

/** The terminal of standard input: in a shell without job control /dev/tty does not work. */
export function ownTerminal(): string {
  return isatty(0) ? readlinkSync("/proc/self/fd/0") : "/dev/tty";
}
