/** The home side of the connection on which a process goes over: order, images, then "ready" and "go". */

import { once } from "node:events";
import { createReadStream, readdirSync, statSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { ByteReader } from "./byte-reader.ts";
import { formatOrder, type GuestOrder } from "./order.ts";

export class Passage {
  readonly #socket: Socket;
  readonly #reader: ByteReader;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = new ByteReader(socket);
  }

  /** Hands over the order and each file of a folder. @throws Error where the other node refuses or hangs up */
  async send(order: GuestOrder, folder: string): Promise<void> {
    await this.#write(`${formatOrder(order)}\n`);
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith(".log")) continue;
      const path = join(folder, name);
      await this.#write(`file ${name} ${statSync(path).size}\n`);
      for await (const piece of createReadStream(path)) await this.#write(piece as Uint8Array);
    }
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

  async #expect(word: string): Promise<void> {
    const answer = await this.#reader.line();
    if (answer !== word) throw new Error(answer.replace(/^refused /, ""));
  }

  async #write(data: string | Uint8Array): Promise<void> {
    if (this.#socket.destroyed) throw new Error("Cannot hand over the process: the other node has hung up");
    if (this.#socket.write(data)) return;
    const settled = new AbortController();
    const events = ["drain", "close"].map((name) => once(this.#socket, name, { signal: settled.signal }));
    // The listener of the event that has not come must go.
    await Promise.race(events).finally(() => settled.abort());
  }
}
