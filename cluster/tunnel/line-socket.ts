/** A TCP connection on which short lines are exchanged, one at a time, within a time limit for all of them. */

import type { Socket } from "node:net";
import { LONGEST_LINE, VISIT_MILLISECONDS } from "./door-visit.ts";

export class LineSocket {
  readonly #socket: Socket;
  #received = "";
  #failure: Error | undefined;
  #waiting: PromiseWithResolvers<string> | undefined;
  #limit: NodeJS.Timeout | undefined;

  constructor(socket: Socket, milliseconds = VISIT_MILLISECONDS) {
    this.#socket = socket;
    // Bytes do not prolong this limit: a stranger could otherwise hold a place for ever.
    this.allow(milliseconds);
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => {
      clearTimeout(this.#limit);
      this.#fail(new Error("the other end hung up"));
    });
  }

  /** Gives the visit this long from now on. */
  allow(milliseconds: number): void {
    clearTimeout(this.#limit);
    if (this.#socket.destroyed) return;
    const late = new Error(`the other end was not done within ${milliseconds / 1_000} s`);
    this.#limit = setTimeout(() => this.#fail(late), milliseconds);
  }

  say(line: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${line}\n`);
  }

  /** The other end's next line. @throws Error that says why none comes */
  async hear(): Promise<string> {
    const line = this.#takeLine();
    if (line !== undefined) return line;
    if (this.#failure) throw this.#failure;
    this.#waiting = Promise.withResolvers<string>();
    return await this.#waiting.promise;
  }

  /** Hangs up once all that was said has left. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received += bytes.toString("latin1");
    if (this.#received.length > LONGEST_LINE) {
      this.#fail(new Error("the other end said more than a line"));
      return;
    }
    const waiting = this.#waiting;
    const line = waiting && this.#takeLine();
    if (line === undefined) return;
    this.#waiting = undefined;
    waiting?.resolve(line);
  }

  #takeLine(): string | undefined {
    const end = this.#received.indexOf("\n");
    if (end < 0) return undefined;
    const line = this.#received.slice(0, end);
    this.#received = this.#received.slice(end + 1);
    return line;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}
