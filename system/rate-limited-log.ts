/**
 * A log for lines that any machine of the network can cause: so many at once, then one every ten seconds. It says how many
 * lines it left out, so that a neighbour cannot push the boot out of the kernel's log, and no line is missed unseen.
 */

import type { Level, Log } from "./log.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Lines at once: enough for the nodes of a room that are switched on together. */
const BURST = 40;
const LINES_PER_SECOND = 0.1;
const SUMMARY_MILLISECONDS = 60_000;

export class RateLimitedLog implements Log {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #bucket = new TokenBucket(LINES_PER_SECOND, BURST);
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(log: Log, now = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  error(line: string): void {
    this.#write("error", line);
  }

  warn(line: string): void {
    this.#write("warn", line);
  }

  info(line: string): void {
    this.#write("info", line);
  }

  debug(line: string): void {
    this.#write("debug", line);
  }

  #write(level: Level, line: string): void {
    if (this.#bucket.takes(this.#now())) {
      this.#log[level](line);
      return;
    }
    this.#leftOut++;
    this.#timer ??= setTimeout(() => this.#summarize(), SUMMARY_MILLISECONDS).unref();
  }

  #summarize(): void {
    this.#timer = undefined;
    this.#log.warn(`${this.#leftOut} lines like those before were left out: they come too fast`);
    this.#leftOut = 0;
  }
}
