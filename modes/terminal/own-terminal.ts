import { readlinkSync } from "node:fs";
import { isatty } from "node:tty";

/** The terminal this was typed at, found through standard input: a shell without job control has no /dev/tty. */
export function ownTerminal(): string {
  return isatty(0) ? readlinkSync("/proc/self/fd/0") : "/dev/tty";
}
