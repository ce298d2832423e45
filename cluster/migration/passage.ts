/**
 * The home side of the connection on which a process goes over: order, images, "end", then "ready" and "go". A process
 * that still runs is announced first: an order, the images of its copies where there are any, then "order " and the order
 * as it is by then.
 */

import { once } from "node:events";
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { sendFrom } from "../../system/kernel/socket.ts";
import { ByteReader } from "./byte-reader.ts";
import { formatOrder, type GuestOrder } from "./order.ts";
import { restoreMilliseconds, SILENCE_MILLISECONDS, STILL, within } from "./patience.ts";

/** A process stands still meanwhile: larger pieces are quicker. */
const PIECE_BYTES = 2 ** 18;
/** From here on a file goes by a system call that does not copy it. */
const LARGE_BYTES = 2 ** 19;
const LOOK_MILLISECONDS = 1;

const HUNG_UP = "Cannot hand over the process: the other node has hung up";

export interface PassageOptions {
  /** Told of the bytes that go to the other node. */
  readonly sent?: (bytes: number) => void;
  /** The milliseconds for which the other node may take nothing or say nothing, default 30 s. */
  readonly patience?: number;
}

export class Passage {
  readonly #socket: Socket;
  readonly #reader: ByteReader;
  readonly #options: PassageOptions;
  #bytes = 0;
  #hasBegun = false;
  /** Names of files that the other node has. */
  readonly #ahead = new Set<string>();

  constructor(socket: Socket, options: PassageOptions = {}) {
    this.#socket = socket;
    this.#options = options;
    this.#reader = new ByteReader(socket);
  }

  /** Tells of a process that still runs. @throws Error where the other node hangs up */
  async announce(order: GuestOrder): Promise<void> {
    await this.#begin(order);
  }

  /**
   * Hands over a copy of an announced process, the files of a folder in that of the images. send() comes behind it.
   * @throws Error where the other node refuses or hangs up
   */
  async copy(images: string, name: string): Promise<void> {
    await this.#sendFiles(join(images, name), `${name}/`);
  }

  /**
   * Hands over one file of an announced process, before the others: nobody writes it any more. send() leaves it out.
   * @throws Error where the other node refuses or hangs up
   */
  async sendAhead(folder: string, name: string): Promise<void> {
    this.#ahead.add(name);
    await this.#sendFiles(folder, "", [name]);
  }

  /** Hands over the order and each file of a folder. @throws Error where the other node refuses or hangs up */
  async send(order: GuestOrder, folder: string): Promise<void> {
    await this.#begin(order);
    await this.#sendFiles(
      folder,
      "",
      filesOf(folder).filter((name) => !this.#ahead.has(name)),
    );
    await this.#write("end\n");
  }

  /** Resolves when the other node has restored the process, which has not run. @throws Error with its refusal */
  async restored(): Promise<void> {
    await this.#expect("ready");
  }

  /** Lets the guest run. @throws Error where the word may not have arrived */
  async go(): Promise<void> {
    await this.#write("go\n");
    await this.#expect("runs");
    this.#socket.end();
  }

  /** Has the copy killed; so does hanging up. */
  refuse(): void {
    this.#socket.destroy();
  }

  /** What the process has changed since the copy, its descriptors for one, is in the order behind the copy. */
  async #begin(order: GuestOrder): Promise<void> {
    await this.#write(`${this.#hasBegun ? "order " : ""}${formatOrder(order)}\n`);
    this.#hasBegun = true;
  }

  /** Small files go together: each piece waits until the one before has gone. */
  async #sendFiles(folder: string, prefix: string, names = filesOf(folder)): Promise<void> {
    // The same memory for each piece: where memory is scarce, that of a piece costs more than its way.
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let filled = 0;
    for (const name of names) {
      const file = openSync(join(folder, name), "r");
      try {
        const { size } = fstatSync(file);
        const head = `file ${prefix}${name} ${size}\n`;
        if (filled + head.length > PIECE_BYTES) filled = await this.#flush(piece, filled);
        filled += piece.write(head, filled, "latin1");
        let left = size;
        if (size >= LARGE_BYTES) {
          filled = await this.#flush(piece, filled);
          left = await this.#sendWhole(file, size);
        }
        while (left > 0) {
          const length = readSync(file, piece, filled, Math.min(PIECE_BYTES - filled, left), null);
          if (length === 0) throw new Error(`Cannot hand over the process: ${name} has become shorter`);
          filled += length;
          left -= length;
          if (filled === PIECE_BYTES) filled = await this.#flush(piece, filled);
        }
      } finally {
        closeSync(file);
      }
    }
    await this.#flush(piece, filled);
  }

  /** The kernel takes the bytes out of the file by itself. Resolves with what is left where the file has become shorter, else 0. */
  async #sendWhole(file: number, size: number): Promise<number> {
    let left = size;
    while (left > 0) {
      const sent = await this.#inTime("taken nothing", this.#sendSome(file, left));
      if (sent === 0) return left;
      left -= sent;
      this.#count(sent);
    }
    return left;
  }

  async #sendSome(file: number, count: number): Promise<number> {
    for (;;) {
      if (this.#socket.destroyed) throw new Error(HUNG_UP);
      const sent = sendFrom(this.#socket, file, count);
      if (sent !== undefined) return sent;
      await Bun.sleep(LOOK_MILLISECONDS);
    }
  }

  /** Gives how full the piece is then. */
  async #flush(piece: Buffer, filled: number): Promise<number> {
    if (filled > 0) await this.#write(piece.subarray(0, filled));
    return 0;
  }

  async #expect(word: string): Promise<void> {
    // What the other node may take, and the silence behind it.
    const deadline = performance.now() + restoreMilliseconds(this.#bytes) + this.#patience;
    let answer: string;
    do {
      if (performance.now() > deadline)
        throw new Error("the other node takes too long to restore the process");
      answer = await this.#inTime("said nothing", this.#reader.line());
    } while (answer === STILL);
    if (answer !== word) throw new Error(answer.replace(/^refused /, ""));
  }

  /** Resolves when nobody needs the data any more. */
  async #write(data: string | Uint8Array): Promise<void> {
    if (this.#socket.destroyed) throw new Error(HUNG_UP);
    this.#count(data.length);
    const written = new Promise<void>((resolve) => this.#socket.write(data, () => resolve()));
    const settled = new AbortController();
    const closed = once(this.#socket, "close", { signal: settled.signal });
    // The listener of a close that has not come must go.
    const taken = Promise.race([written, closed]).finally(() => settled.abort());
    await this.#inTime("taken nothing", taken);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#options.sent?.(bytes);
  }

  get #patience(): number {
    return this.#options.patience ?? SILENCE_MILLISECONDS;
  }

  /** A daemon that hangs, and goes on later, finds that its home has hung up. @throws Error */
  async #inTime<T>(what: string, act: Promise<T>): Promise<T> {
    try {
      return await within(this.#patience, what, act);
    } catch (error) {
      this.#socket.destroy();
      throw error;
    }
  }
}

/** What criu(8) writes for itself stays. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !entry.name.endsWith(".log") ? [entry.name] : [],
  );
}
