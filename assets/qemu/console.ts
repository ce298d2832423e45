/** The serial console of a virtual machine: its output with times, and waiting for output to come. */

import { createTextStream } from "./terminal-text.ts";

export interface ConsoleLine {
  /** Milliseconds since the machine was started. */
  readonly at: number;
  readonly text: string;
}

/** After a kernel panic no further output comes. */
const PANIC = /Kernel panic - not syncing.*(?=\n)/;

const LINES_SHOWN = 40;

export interface Limit {
  /** Seconds. */
  readonly within: number;
  /** Whether all text since the start counts; the next call then looks at the same text as without this call. */
  readonly whenever?: boolean;
}

interface Expectation {
  readonly wanted: string | RegExp;
  readonly whenever: boolean;
  readonly resolve: (match: RegExpExecArray) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export interface ConsoleOptions {
  /** Sends bytes over the machine's serial line. */
  readonly write: (bytes: string) => void;
  /** The command that runs the same machine again; a failed expectation shows it. */
  readonly reproduction: string;
  /** The factor of every limit. */
  readonly timeFactor: number;
}

/** The expected text did not appear on a console; the message shows the last lines of the console. */
export class UnseenError extends Error {
  /** The reason alone, such as "QEMU ended with 1: no such device". */
  readonly why: string;

  constructor(wanted: string, why: string, console: string) {
    super(`Cannot see "${wanted}" on the console: ${why}\n${console}`);
    this.why = why;
  }
}

export class Console {
  readonly #options: ConsoleOptions;
  readonly #startedAt = performance.now();
  readonly #plain = createTextStream();
  readonly #decoder = new TextDecoder();
  readonly #lines: ConsoleLine[] = [];
  #text = "";
  /** Where in the text the unfinished line begins. */
  #lineBegin = 0;
  /** Where in the text the next expectation begins to look. */
  #cursor = 0;
  #expectation: Expectation | undefined;
  #ended: string | undefined;

  constructor(options: ConsoleOptions) {
    this.#options = options;
  }

  /** Whole lines so far, with the time each ended. */
  get lines(): readonly ConsoleLine[] {
    return this.#lines;
  }

  /** Everything the console said so far, as plain text. */
  get text(): string {
    return this.#text;
  }

  /** When the first line that matches ended, in milliseconds since the start. */
  timeOf(pattern: RegExp): number | undefined {
    return this.#lines.find(({ text }) => pattern.test(text))?.at;
  }

  send(bytes: string): void {
    this.#options.write(bytes);
  }

  /**
   * Waits until the console says this, after whatever the last call matched.
   * A match of a pattern that ends where the text ends may still grow: it counts when more has arrived.
   * Fails at once on a kernel panic or when the machine is gone, unless that is what is wanted.
   */
  expect(wanted: string | RegExp, { within, whenever = false }: Limit): Promise<RegExpExecArray> {
    if (this.#expectation) throw new Error("Cannot expect two things of one console at once");
    const seconds = within * this.#options.timeFactor;
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const timer = setTimeout(() => this.#fail(`nothing like it within ${seconds} s`), seconds * 1000);
    this.#expectation = { wanted, whenever, resolve, reject, timer };
    this.#check();
    return promise;
  }

  /** Takes bytes that arrived on the serial line. */
  receive(bytes: Uint8Array): void {
    this.#text += this.#plain(this.#decoder.decode(bytes, { stream: true }));
    const at = performance.now() - this.#startedAt;
    for (let end = this.#text.indexOf("\n", this.#lineBegin); end >= 0; ) {
      this.#lines.push({ at, text: this.#text.slice(this.#lineBegin, end) });
      this.#lineBegin = end + 1;
      end = this.#text.indexOf("\n", this.#lineBegin);
    }
    this.#check();
  }

  /** Ends the console: no more bytes will arrive, for the reason `why`. */
  end(why: string): void {
    this.#ended = why;
    this.#check();
  }

  /** The last lines and the command, for a person who examines a failure. */
  describe(): string {
    const unfinished = this.#text.slice(this.#lineBegin);
    const last = [...this.#lines.map(({ text }) => text), unfinished].slice(-LINES_SHOWN);
    return `--- last lines of the console\n${last.join("\n")}\n--- the same machine again\n${this.#options.reproduction}`;
  }

  #check(): void {
    if (!this.#expectation) return;
    const { wanted, whenever, resolve, timer } = this.#expectation;
    const said = this.#text.slice(this.#cursor);
    const match = find(wanted, whenever ? this.#text : said, { complete: this.#ended !== undefined });
    const panic = PANIC.exec(said);
    if (match) {
      if (!whenever) this.#cursor += match.index + match[0].length;
      this.#expectation = undefined;
      clearTimeout(timer);
      resolve(match);
    } else if (panic) this.#fail(panic[0]);
    else if (this.#ended !== undefined) this.#fail(this.#ended);
  }

  #fail(why: string): void {
    const expectation = this.#expectation;
    if (!expectation) return;
    this.#expectation = undefined;
    clearTimeout(expectation.timer);
    const { wanted, reject } = expectation;
    const text = typeof wanted === "string" ? wanted : wanted.source;
    reject(new UnseenError(text, why, this.describe()));
  }
}

/** A match of a pattern that touches the end of a text that is not complete may still grow, so it is none yet. */
function find(wanted: string | RegExp, text: string, { complete }: { readonly complete: boolean }) {
  if (typeof wanted === "string") return new RegExp(RegExp.escape(wanted)).exec(text);
  const match = wanted.exec(text);
  const grows = match !== null && !complete && match.index + match[0].length === text.length;
  return grows ? null : match;
}
