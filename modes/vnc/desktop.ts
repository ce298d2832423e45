/** The desktop that viewers see: an X server on the loopback, and the session on it. It runs while there is a viewer. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { reason } from "../../system/log.ts";
import { hearsReady } from "../../system/readiness.ts";
import { runTool } from "../../system/tool.ts";

const MOUNT_MILLISECONDS = 30_000;

/** What the desktop is made of. */
export interface DesktopPrograms {
  /** Makes the files of the desktop available. */
  readonly mount: readonly string[];
  /** The X server, which writes a line to standard output when it takes viewers. */
  readonly server: readonly string[];
  /** The programs on the screen; they end with the X server. */
  readonly session: readonly string[];
}

type XServer = Bun.Subprocess<"ignore", "pipe", "inherit">;

export class Desktop {
  readonly #programs: DesktopPrograms;
  readonly #port: number;
  readonly #ended: (status: number | null) => void;
  #starting: Promise<void> | undefined;
  #server: XServer | undefined;

  /** `port` is the X server's on 127.0.0.1; `ended` is called with the exit status of an X server, null after a signal. */
  constructor(programs: DesktopPrograms, port: number, ended: (status: number | null) => void) {
    this.#programs = programs;
    this.#port = port;
    this.#ended = ended;
  }

  /** Whether the X server runs, or starts. */
  get runs(): boolean {
    return this.#starting !== undefined || this.#server !== undefined;
  }

  /** Connects to the X server from an address of the loopback, and starts it before where none runs. @throws Error */
  async connect(from: string): Promise<Socket> {
    // An X server may be there that a relay before this process has left.
    if (this.#starting === undefined) {
      const socket = await this.#dial(from).catch(() => undefined);
      if (socket !== undefined) return socket;
    }
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
    return await this.#dial(from);
  }

  /** Resolves when the X server has ended. */
  async stop(): Promise<void> {
    this.#server?.kill("SIGTERM");
    await this.#server?.exited;
  }

  async #dial(from: string): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: this.#port, localAddress: from, noDelay: true });
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      socket.destroy();
      throw new Error(`the X server cannot be reached (${reason(error)})`);
    }
  }

  /** Resolves when the X server takes viewers. */
  async #start(): Promise<void> {
    const { mount, server, session } = this.#programs;
    const mounted = await runTool(mount, MOUNT_MILLISECONDS);
    if (!mounted.ok) throw new Error(mounted.complaint);
    const child: XServer = Bun.spawn([...server], { stdio: ["ignore", "pipe", "inherit"] });
    this.#server = child;
    void child.exited.then(() => {
      this.#server = undefined;
      this.#ended(child.exitCode);
    });
    if (!(await hearsReady(child.stdout))) throw new Error("the X server ended before it took viewers");
    Bun.spawn([...session], { stdio: ["ignore", "ignore", "inherit"] });
  }
}
