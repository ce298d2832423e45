/**
 * What comes on a socket, as it comes. The iterator of the socket itself stops the socket and starts it again at each
 * piece, which takes as long again as the bytes of a process do: the process stands still meanwhile.
 */

import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { receiveInto } from "../../system/kernel/socket.ts";

/** What waits for its reader; beyond, the other end waits. */
const MOST_HELD_BYTES = 2 ** 22;
/** A process stands still meanwhile. */
const LOOK_MILLISECONDS = 1;
const PIECES_A_TURN = 64;

export class SocketChunks implements AsyncIterable<Uint8Array> {
  readonly #socket: Socket;
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.#begin();
    for (;;) {
      const piece = this.#held.shift();
      if (piece !== undefined) yield this.#give(piece);
      else if (this.#isOver) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  /**
   * Hands over so many bytes by one piece of memory, which is used again: the kernel takes longer to find memory for new
   * pieces than to copy the bytes. Resolves with how many of them it has not handed over.
   * @throws SyscallError
   */
  async readInto(count: number, memory: Uint8Array, take: (piece: Uint8Array) => void): Promise<number> {
    this.#socket.pause();
    // What the runtime has begun to read comes before.
    await setImmediate();
    let [left, pieces] = [count, 0];
    while (left > 0 && this.#socket.readableLength + this.#heldBytes === 0 && !this.#isOver) {
      const length = receiveInto(this.#socket, memory.subarray(0, Math.min(left, memory.length)));
      if (length === 0) break;
      if (length === undefined) await Bun.sleep(LOOK_MILLISECONDS);
      else {
        left -= length;
        take(memory.subarray(0, length));
        pieces += 1;
        // Others wait for this program too, however fast the bytes come.
        if (pieces % PIECES_A_TURN === 0) await setImmediate();
      }
    }
    this.#socket.resume();
    return left;
  }

  #begin(): void {
    const end = () => {
      this.#isOver = true;
      this.#wake?.();
    };
    this.#isOver = this.#socket.destroyed;
    this.#socket.on("end", end);
    this.#socket.on("close", end);
    this.#socket.on("data", (piece: Uint8Array) => this.#take(piece));
    this.#socket.resume();
  }

  #take(piece: Uint8Array): void {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes > MOST_HELD_BYTES) this.#socket.pause();
    this.#wake?.();
  }

  #give(piece: Uint8Array): Uint8Array {
    const isFull = this.#heldBytes > MOST_HELD_BYTES;
    this.#heldBytes -= piece.length;
    if (isFull && this.#heldBytes <= MOST_HELD_BYTES) this.#socket.resume();
    return piece;
  }
}
