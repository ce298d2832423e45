/** The far end of a deputy's link, as a guest's supervisor speaks it, and the relay between: for tests. */

import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";

const HEAD_BYTES = 4;

export interface Frame {
  readonly type: string;
  readonly channel: number;
  readonly payload: Buffer;
}

export class GuestEnd {
  readonly path: string;
  readonly job: string;
  readonly frames: Frame[] = [];
  /** The lines with which the deputy began each connection. */
  readonly greetings: string[] = [];
  #server: Server | undefined;
  #socket: Socket | undefined;
  #held = Buffer.alloc(0);
  #isGreeted = false;
  #received = 0;
  /** Ours that the deputy has not acknowledged. */
  #kept: Buffer[] = [];
  #acknowledged = 0;
  #starts = 0;
  /** Hang up on each connection at once, as a daemon does that cannot reach the other node. */
  refuses = false;
  #news = Promise.withResolvers<void>();

  constructor(path: string, job: string) {
    this.path = path;
    this.job = job;
  }

  /** Begins to listen, as a daemon that has been started does. */
  async listen(): Promise<void> {
    rmSync(this.path, { force: true });
    const server = createServer((socket) => this.#take(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Hangs up and listens no more, as a daemon that was killed does. */
  vanish(): void {
    this.#server?.close();
    this.#socket?.destroy();
    rmSync(this.path, { force: true });
  }

  /** Hangs up, as the daemon does for a supervisor that has ended. */
  hangUp(): void {
    this.#socket?.destroy();
  }

  /** Connects anew as the supervisor of a guest that has been started again. */
  startAgain(starts: number): void {
    this.#starts = starts;
    this.#received = 0;
    this.#kept = [];
    this.#acknowledged = 0;
    this.frames.splice(0);
    this.hangUp();
  }

  /** Whether the deputy has all that was sent. */
  get isDone(): boolean {
    return this.#kept.length === 0;
  }

  send(type: string, channel: number, payload: Uint8Array | number = new Uint8Array()): void {
    const bytes = typeof payload === "number" ? bigEndian(payload) : Buffer.from(payload);
    const head = Buffer.from([type.charCodeAt(0), channel, bytes.length >> 8, bytes.length & 0xff]);
    const frame = Buffer.concat([head, bytes]);
    this.#kept.push(frame);
    if (this.#isGreeted) this.#socket?.write(frame);
  }

  /** The next frame of that type from now on, or one that is there already and was not awaited. */
  async expect(type: string, seconds = 5): Promise<Frame> {
    const deadline = performance.now() + 1_000 * seconds;
    for (;;) {
      const index = this.frames.findIndex((frame) => frame.type === type);
      if (index >= 0) return this.frames.splice(index, 1)[0]!;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no frame of type ${type}; there were: ${JSON.stringify(this.frames)}`);
      await Promise.race([this.#news.promise, Bun.sleep(left)]);
    }
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    this.#held = Buffer.alloc(0);
    this.#isGreeted = false;
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      if (socket !== this.#socket) return;
      this.#held = Buffer.concat([this.#held, data]);
      while (this.#isGreeted ? this.#takeFrame() : this.#takeGreeting(socket));
    });
  }

  #takeGreeting(socket: Socket): boolean {
    const end = this.#held.indexOf(10);
    if (end < 0) return false;
    const greeting = this.#held.toString("utf8", 0, end);
    this.#held = this.#held.subarray(end + 1);
    this.greetings.push(greeting);
    if (this.refuses) {
      socket.destroy();
      return false;
    }
    const [, , , received, starts = "0"] = greeting.split(" ");
    if (Number(starts) === this.#starts) this.#forget(Number(received));
    const suffix = this.#starts === 0 ? "" : ` ${this.#starts}`;
    socket.write(`clump-link 1 ${this.job} ${this.#received}${suffix}\n`);
    for (const frame of this.#kept) socket.write(frame);
    this.#isGreeted = true;
    return true;
  }

  #takeFrame(): boolean {
    if (this.#held.length < HEAD_BYTES) return false;
    const length = this.#held.readUInt16BE(2);
    if (this.#held.length < HEAD_BYTES + length) return false;
    const type = String.fromCharCode(this.#held[0]!);
    const payload = Buffer.from(this.#held.subarray(HEAD_BYTES, HEAD_BYTES + length));
    const channel = this.#held[1]!;
    this.#held = this.#held.subarray(HEAD_BYTES + length);
    if (type === "A") this.#forget(payload.readUInt32BE());
    else {
      this.#received += 1;
      this.#acknowledge();
      this.frames.push({ type, channel, payload });
      this.#news.resolve();
      this.#news = Promise.withResolvers<void>();
    }
    return true;
  }

  #acknowledge(): void {
    const head = Buffer.from([0x41, 0, 0, 4]);
    this.#socket?.write(Buffer.concat([head, bigEndian(this.#received)]));
  }

  #forget(received: number): void {
    this.#kept.splice(0, received - this.#acknowledged);
    this.#acknowledged = received;
  }
}

export function bigEndian(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}
