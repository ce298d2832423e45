/** A line that is typed into a terminal, in a clone of the tree. */

import { until } from "../until.ts";
import type { Clone } from "./clone.ts";

/** The longest that a screen takes to show what a key or a command asks for. */
export const SHOWN_SECONDS = 60;

export class Terminal implements AsyncDisposable {
  #shown = "";
  readonly #process;
  readonly ended: Promise<number>;

  constructor(clone: Clone, line: string, env: Readonly<Record<string, string>> = {}) {
    this.#process = Bun.spawn(["sh", "-c", line], {
      cwd: clone.path,
      env: { ...clone.environment(), TERM: "xterm", ...env },
      terminal: {
        cols: 80,
        rows: 25,
        data: (_terminal, bytes) => {
          this.#shown += Buffer.from(bytes).toString();
        },
      },
    });
    this.ended = this.#process.exited;
  }

  type(text: string): void {
    this.#process.terminal?.write(text);
  }

  /** Waits until the words are shown; they and what came before them are not seen again. */
  async sees(words: string | RegExp, seconds = SHOWN_SECONDS): Promise<void> {
    let found: string | undefined;
    const look = () => {
      found = typeof words === "string" ? words : words.exec(this.#shown)?.[0];
      return found !== undefined && this.#shown.includes(found);
    };
    await until(look, { within: seconds }).catch(() => {
      throw new Error(
        `Cannot see ${words} on the terminal within ${seconds} s:\n${this.#shown.slice(-2_000)}`,
      );
    });
    this.#shown = this.#shown.slice(this.#shown.indexOf(found ?? "") + (found ?? "").length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Ctrl-A, then x, ends a virtual machine whatever its shell does.
    this.type("\x01x");
    const timer = setTimeout(() => this.#process.kill(), 10_000);
    await this.#process.exited;
    clearTimeout(timer);
  }
}
