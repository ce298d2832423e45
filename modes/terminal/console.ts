/** A terminal: raw keys in, pages out. A terminal that takes no output never blocks the program. */

import { closeSync, constants, openSync, writeSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import type { Canvas } from "./canvas.ts";
import { type Abilities, CLEAR, finish, renderChanges } from "./render.ts";

/** A console must not become the controlling terminal; opening a serial line must not wait for its carrier. */
const FLAGS = constants.O_NOCTTY | constants.O_NONBLOCK;

/** The size of a serial line, which reports none. */
const DEFAULT_SIZE = { width: 80, height: 24 };

/** A terminal may report any size; larger pages would take too much memory. */
const LARGEST_SIZE = { width: 1_000, height: 400 };

/** Interval of offering the rest of a page to a slow line. */
const SLOW_LINE_MILLISECONDS = 50;

export interface ConsoleEvents {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The terminal hung up or was removed. */
  readonly onGone: () => void;
  readonly abilities: Abilities;
  /**
   * Leaves the terminal in raw mode at the end: leaving raw mode waits for the output, and a serial line may take
   * none.
   */
  readonly staysRaw?: boolean;
}

export class Console {
  readonly #events: ConsoleEvents;
  readonly #input: ReadStream;
  readonly #output: number;
  /** A second descriptor for the size alone, because Bun makes the descriptor of a WriteStream blocking. */
  readonly #measured: number;
  readonly #meter: WriteStream;
  #shown: Canvas | undefined;
  #pending: Uint8Array = new Uint8Array();
  #open = true;
  #stopReading = () => {};
  readonly #hasRead = Promise.withResolvers<void>();

  /** Opens a terminal in raw mode. @throws the error of the file system or of the terminal driver */
  constructor(path: string, events: ConsoleEvents) {
    this.#events = events;
    const descriptor = openSync(path, constants.O_RDWR | FLAGS);
    const input = new ReadStream(descriptor);
    try {
      input.setRawMode(true);
      this.#output = openSync(path, constants.O_WRONLY | FLAGS);
      this.#measured = openSecond(path, this.#output);
      this.#meter = new WriteStream(this.#measured);
    } catch (error) {
      input.destroy();
      throw error;
    }
    this.#input = input;
    void this.#read(descriptor);
  }

  /** The current size; SIGWINCH comes only from the controlling terminal, so the size is asked each time. */
  size(): { width: number; height: number } {
    // A method of Node's; Bun does not measure again without it.
    (this.#meter as WriteStream & { _refreshSize?: () => void })._refreshSize?.();
    const { columns, rows } = this.#meter;
    if (!(columns > 0 && rows > 0)) return DEFAULT_SIZE;
    return { width: Math.min(columns, LARGEST_SIZE.width), height: Math.min(rows, LARGEST_SIZE.height) };
  }

  /** Shows a page; drops it where the terminal has not taken the page before. */
  draw(page: Canvas): void {
    if (!this.#flush()) return;
    this.#pending = Buffer.from(renderChanges(this.#shown, page, this.#events.abilities));
    this.#shown = page;
    this.#flush();
  }

  /** Makes the next draw a full one, because other programs may have written here. */
  forget(): void {
    this.#shown = undefined;
  }

  /**
   * Resolves when no key is taken from the terminal any more. Restores the terminal, except for raw mode where that stays: there the
   * page stays above the last messages too.
   */
  async close(): Promise<void> {
    const { staysRaw } = this.#events;
    this.#pending = Buffer.from(staysRaw ? finish(this.#shown?.height ?? DEFAULT_SIZE.height) : CLEAR);
    this.#flush();
    this.#release();
    await this.#hasRead.promise;
  }

  async #read(descriptor: number): Promise<void> {
    try {
      // A ReadStream of Bun would block a thread for each terminal.
      const reader = Bun.file(descriptor).stream().getReader();
      this.#stopReading = () => void reader.cancel().catch(() => {});
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        this.#events.onBytes(value);
      }
    } catch {
      // A read error means that the terminal is gone.
    }
    this.#hasRead.resolve();
    this.#lose();
  }

  /** Writes pending output; true where the terminal has taken all of it. */
  #flush(): boolean {
    try {
      while (this.#open && this.#pending.length > 0) {
        this.#pending = this.#pending.subarray(writeSync(this.#output, this.#pending));
        if (this.#pending.length > 0) setTimeout(() => this.#flush(), SLOW_LINE_MILLISECONDS).unref();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") this.#lose();
      return false;
    }
    return this.#open;
  }

  #lose(): void {
    if (!this.#open) return;
    this.#release();
    this.#events.onGone();
  }

  #release(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      if (!this.#events.staysRaw) this.#input.setRawMode(false);
    } catch {
      // The terminal hung up, so there is no mode to restore.
    }
    closeSync(this.#output);
    // A read that goes on would take keys from the next program on this terminal.
    this.#stopReading();
    this.#input.destroy();
    // A WriteStream of Bun closes its copy of the descriptor alone.
    this.#meter.destroy();
    closeSync(this.#measured);
  }
}

/** Opens the terminal once more, or closes `first` with it. @throws the error of the file system */
function openSecond(path: string, first: number): number {
  try {
    return openSync(path, constants.O_WRONLY | FLAGS);
  } catch (error) {
    closeSync(first);
    throw error;
  }
}
