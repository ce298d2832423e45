/** A client of QEMU's machine protocol, docs/interop/qmp-spec.txt. */

import type { Socket, UnixSocketListener } from "bun";

/** One asynchronous message of QEMU, as `SHUTDOWN` with `{ guest: true, reason: "guest-shutdown" }`. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface QmpAnswer {
  readonly id: number;
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

interface Waiting {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Listens on a unix socket for one QEMU started with `-qmp unix:PATH`; no command is sent before it greets. */
export class Qmp implements Disposable {
  readonly #listener: UnixSocketListener<undefined>;
  readonly #greeted = Promise.withResolvers<Socket<undefined>>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #hear: (event: QmpEvent) => void;
  readonly #closed = Promise.withResolvers<void>();
  #isConnected = false;
  #ended: Error | undefined;
  #received = "";
  #lastId = 0;

  constructor(path: string, onEvent: (event: QmpEvent) => void) {
    this.#hear = onEvent;
    // The first command fails with the reason where QEMU ended before its greeting.
    this.#greeted.promise.catch(() => {});
    this.#listener = Bun.listen({
      unix: path,
      socket: {
        open: () => {
          this.#isConnected = true;
        },
        data: (socket, bytes) => this.#receive(socket, bytes.toString("utf8")),
        close: () => {
          this.end("QEMU closed the connection");
          this.#closed.resolve();
        },
      },
    });
  }

  /** Runs one command and resolves to its result. */
  async execute(command: string, args: object = {}): Promise<unknown> {
    const socket = await this.#greeted.promise;
    return this.#ask(socket, command, args);
  }

  /** Resolves when all messages of QEMU have arrived: QEMU has closed the connection, or never opened it. */
  heardAll(): Promise<void> {
    return this.#isConnected ? this.#closed.promise : Promise.resolve();
  }

  /** Fails all pending and all later commands. */
  end(why: string): void {
    const error = new Error(`Cannot ask QEMU: ${why}`);
    this.#ended = error;
    this.#greeted.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  [Symbol.dispose](): void {
    this.end("its machine was closed");
    this.#listener.stop(true);
  }

  #ask(socket: Socket<undefined>, command: string, args: object): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#waiting.set(id, { command, resolve, reject });
    socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    return promise;
  }

  #receive(socket: Socket<undefined>, text: string): void {
    const lines = (this.#received + text).split("\n");
    this.#received = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#take(socket, JSON.parse(line));
  }

  #take(socket: Socket<undefined>, message: QmpEvent | QmpAnswer | { readonly QMP: unknown }): void {
    if ("QMP" in message) {
      this.#ask(socket, "qmp_capabilities", {}).then(
        () => this.#greeted.resolve(socket),
        (error) => this.#greeted.reject(error),
      );
    } else if ("event" in message) this.#hear(message);
    else this.#settle(message);
  }

  #settle({ id, error, return: value }: QmpAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`Cannot ${waiting.command} in QEMU: ${error.desc}`));
    else waiting?.resolve(value);
  }
}
