import { Socket } from "node:net";
import { SocketChunks } from "../links/socket-chunks.ts";

/** From here on bytes come by a system call into one piece of memory. */
const LARGE_BYTES = 2 ** 19;
const PIECE_BYTES = 2 ** 18;

/** Reads lines and counted bytes from a stream; what is not wanted yet stays for the next call. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #socket: SocketChunks | undefined;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#socket = stream instanceof Socket ? new SocketChunks(stream) : undefined;
    this.#chunks = (this.#socket ?? stream)[Symbol.asyncIterator]();
  }

  /** One line without its end. @throws Error where the stream ends before, or the line is longer than `most` bytes */
  async line(most = 16_384): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(10);
      if (end >= 0) return this.#take(end + 1).toString("utf8", 0, end);
      if (this.#held.length > most)
        throw new RangeError(`Cannot read a line: it has more than ${most} bytes`);
      await this.#more();
    }
  }

  /**
   * Hands over `count` bytes in the pieces in which they come; the memory of a piece is used again when `take` returns.
   * @throws Error where the stream ends before
   */
  async bytes(count: number, take: (piece: Uint8Array) => void): Promise<void> {
    let memory: Buffer | undefined;
    for (let left = count; left > 0; ) {
      if (this.#held.length === 0 && left >= LARGE_BYTES && this.#socket !== undefined) {
        memory ??= Buffer.allocUnsafeSlow(PIECE_BYTES);
        left = await this.#socket.readInto(left, memory, take);
      }
      if (left === 0) return;
      if (this.#held.length === 0) await this.#more();
      const piece = this.#take(Math.min(left, this.#held.length));
      left -= piece.length;
      take(piece);
    }
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done) throw new Error("Cannot read on: the other node has hung up");
    this.#held =
      this.#held.length === 0
        ? Buffer.from(value.buffer, value.byteOffset, value.length)
        : Buffer.concat([this.#held, value]);
  }
}
