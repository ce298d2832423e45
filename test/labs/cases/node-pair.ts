/**
 * Two nodes on one machine: a home, and a node that takes guests into namespaces of their own. What the daemons do
 * between deputies and supervisors is done here by one process that joins two sockets of the same job.
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { takeGuest } from "../../../cluster/migration/arrival/arrive.ts";
import { ByteReader } from "../../../cluster/migration/byte-reader.ts";
import { Injector } from "../../../cluster/migration/injector.ts";
import { leave } from "../../../cluster/migration/leave.ts";
import { Passage } from "../../../cluster/migration/passage.ts";
import type { State } from "../../../cluster/migration/transition.ts";
import { readOptional } from "../../../system/files.ts";
import { INJECTOR } from "../../jobs/checkout.ts";
import { Programs } from "../../jobs/compile.ts";
import { Groups } from "../../jobs/groups.ts";
import { copyCriu } from "../cluster/criu.ts";

const NEWLINE = 10;

export class NodePair {
  /** For the files of the tests, on both nodes. */
  readonly folder: string;
  readonly programs = new Programs();
  readonly #groups = new Groups();
  readonly #injector = new Injector({ command: INJECTOR });
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Map<string, { readonly socket: Socket; readonly greeting: Buffer }>();
  #criu = "";
  #port = 0;
  #moves = 0;

  private constructor() {
    this.folder = mkdtempSync("/var/tmp/cases-");
    mkdirSync(join(this.folder, "guests"));
    // Users other than root have their files in it.
    Bun.spawnSync(["chmod", "755", this.folder]);
  }

  /** `rootFor` gives what becomes / for guests, default this machine's. */
  static async start(rootFor = async () => "/"): Promise<NodePair> {
    const pair = new NodePair();
    pair.#criu = process.env["CRIU"] ?? (await copyCriu(join(pair.folder, "criu")));
    const program = pair.programs.deputy("small");
    for (const name of ["deputy", "clump-guest", "clump-gate"]) {
      Bun.spawnSync(["cp", program, join(pair.folder, name)]);
      Bun.spawnSync(["chmod", "755", join(pair.folder, name)]);
    }
    for (const side of ["deputies", "supervisors"]) await pair.#join(side);
    await pair.#takeGuests(rootFor);
    return pair;
  }

  /** Moves a process to the other node; resolves with where it is then. */
  async move(pid: number): Promise<State> {
    this.#moves += 1;
    return await leave({
      ...{ pid, job: `${pid}.${this.#moves}`, image: "", hostname: "home", criu: this.#criu },
      ...{ folder: join(this.folder, `images.${pid}`), groups: this.#groups.path },
      ...{ deputy: join(this.folder, "deputy"), socket: join(this.folder, "deputies") },
      injector: this.#injector,
      open: async () => new Passage(await this.#connect()),
    });
  }

  async stop(): Promise<void> {
    this.#injector.stop();
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    // Groups are free when the last process in them has been killed.
    await Bun.sleep(300);
    this.#groups.remove();
    this.programs.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #connect(): Promise<Socket> {
    const socket = connect(this.#port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    return socket;
  }

  async #takeGuests(rootFor: () => Promise<string>): Promise<void> {
    const arrival = {
      ...{ folder: join(this.folder, "guests"), criu: this.#criu, socket: join(this.folder, "supervisors") },
      ...{ guest: join(this.folder, "clump-guest"), gate: join(this.folder, "clump-gate") },
      rootFor,
    };
    const server = this.#serve(async (socket) => {
      const reader = new ByteReader(socket);
      await takeGuest(socket, reader, await reader.line(), arrival);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    this.#port = (server.address() as { readonly port: number }).port;
  }

  #serve(take: (socket: Socket) => Promise<void>): Server {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      take(socket).catch(() => socket.destroy());
    });
    this.#servers.push(server);
    return server;
  }

  /** Joins the two connections of a job, as they come. */
  async #join(side: string): Promise<void> {
    const server = this.#serve(async (socket) => {
      const greeting = await readGreeting(socket);
      const job = greeting.toString("latin1").split(" ")[2]!;
      const name = `${side} ${job}`;
      const otherName = `${side === "deputies" ? "supervisors" : "deputies"} ${job}`;
      const other = this.#waiting.get(otherName);
      if (other === undefined) {
        this.#waiting.set(name, { socket, greeting });
        return;
      }
      this.#waiting.delete(otherName);
      for (const [one, two] of [[socket, other.socket] as const, [other.socket, socket] as const])
        one.on("close", () => two.destroy());
      socket.write(other.greeting);
      other.socket.write(greeting);
      socket.pipe(other.socket);
      other.socket.pipe(socket);
    });
    const path = join(this.folder, side);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    // A deputy has the rights of its job.
    Bun.spawnSync(["chmod", "777", path]);
  }
}

/** The first line and what has come behind it; the socket is paused then. */
async function readGreeting(socket: Socket): Promise<Buffer> {
  let held = Buffer.alloc(0);
  return await new Promise((resolve) => {
    const take = (data: Buffer) => {
      held = Buffer.concat([held, data]);
      if (!held.includes(NEWLINE)) return;
      socket.off("data", take);
      socket.pause();
      resolve(held);
    };
    socket.on("data", take);
  });
}

/** Whether a process is a guest: one that is in a namespace of processes below this one. */
export function isGuest(pid: number): boolean {
  const numbers = /^NSpid:\s+(.*)$/m.exec(readOptional(`/proc/${pid}/status`) ?? "")?.[1]?.split(/\s+/) ?? [];
  return numbers.length > 1;
}
