/**
 * What comes on a socket, as it comes. The iterator of the socket itself stops the socket and starts it again at each
 * piece, which takes as long again as the bytes of a process do: the process stands still meanwhile.
 */

import type { Socket } from "node:net";

/** What waits for its reader; beyond, the other end waits. */
const MOST_HELD_BYTES = 2 ** 22;

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
