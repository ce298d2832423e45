/** One terminal, opened by its path: raw keys in, pages out; a terminal that takes nothing never holds anyone. */

import { closeSync, constants, openSync, writeSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import type { Canvas } from "./canvas.ts";
import { type Abilities, finish, renderChanges } from "./render.ts";

/** A console must not become our controlling terminal, nor wait for the carrier of a serial line. */
const FLAGS = constants.O_NOCTTY | constants.O_NONBLOCK;

/** A serial line knows no size; this is what every terminal can show. */
const DEFAULT_SIZE = { width: 80, height: 24 };

/** A terminal may say any size, and a page of that many cells would take all memory there is. */
const LARGEST_SIZE = { width: 1_000, height: 400 };

/** How soon the rest of a page is offered to a slow line again, as long as it takes some of it. */
const SLOW_LINE_MILLISECONDS = 50;

export interface ConsoleEvents {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** It hung up, or was taken away. */
  readonly onGone: () => void;
  readonly abilities: Abilities;
  /** Left as it is at the end: the terminal would be given back once it has taken everything, and a line may take nothing. */
  readonly staysRaw?: boolean;
}

export class Console {
  readonly #events: ConsoleEvents;
  readonly #input: ReadStream;
  readonly #output: number;
  /** Read for its size alone: Bun makes the descriptor it is given a blocking one. */
  readonly #meter: WriteStream;
  #shown: Canvas | undefined;
  #pending: Uint8Array = new Uint8Array();
  #open = true;

  /** Opens a terminal in raw mode. @throws the error of the file system, or of a terminal that is not there */
  constructor(path: string, events: ConsoleEvents) {
    this.#events = events;
    const descriptor = openSync(path, constants.O_RDWR | FLAGS);
    const input = new ReadStream(descriptor);
    try {
      input.setRawMode(true);
      this.#output = openSync(path, constants.O_WRONLY | FLAGS);
      this.#meter = openMeter(path, this.#output);
    } catch (error) {
      input.destroy();
      throw error;
    }
    this.#input = input;
    void this.#read(descriptor);
  }

  /** Its size now; no signal tells when the size of a terminal that is not our own changes. */
  size(): { width: number; height: number } {
    // As Node has it; Bun does not measure again without it.
    (this.#meter as WriteStream & { _refreshSize?: () => void })._refreshSize?.();
    const { columns, rows } = this.#meter;
    if (!(columns > 0 && rows > 0)) return DEFAULT_SIZE;
    return { width: Math.min(columns, LARGEST_SIZE.width), height: Math.min(rows, LARGEST_SIZE.height) };
  }

  /** Shows a page, or leaves it out when the terminal has not taken the one before. */
  draw(page: Canvas): void {
    if (!this.#flush()) return;
    this.#pending = Buffer.from(renderChanges(this.#shown, page, this.#events.abilities));
    this.#shown = page;
    this.#flush();
  }

  /** Draws the whole of the next page: something else may have written here. */
  forget(): void {
    this.#shown = undefined;
  }

  /** Gives the terminal back as it was, but for its mode where that stays. */
  close(): void {
    this.#pending = Buffer.from(finish(this.#shown?.height ?? DEFAULT_SIZE.height));
    this.#flush();
    this.#release();
  }

  async #read(descriptor: number): Promise<void> {
    try {
      // A ReadStream of Bun would block a thread for each terminal.
      for await (const bytes of Bun.file(descriptor).stream()) this.#events.onBytes(bytes);
    } catch {
      // An error of a terminal is its end, as below.
    }
    this.#lose();
  }

  /** Offers what is pending; true when all of it was taken. */
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
      // It hung up: there is nothing to give back.
    }
    closeSync(this.#output);
    this.#input.destroy();
    this.#meter.destroy();
  }
}

function openMeter(path: string, output: number): WriteStream {
  try {
    return new WriteStream(openSync(path, constants.O_WRONLY | FLAGS));
  } catch (error) {
    closeSync(output);
    throw error;
  }
}
