/** Where migrate, mps and clump jobs of this node speak to the daemon: a line of JSON in, a line of JSON out. */

import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { peerOf } from "../../system/kernel/socket.ts";
import { startListening } from "../../system/listening.ts";
import { reason } from "../../system/log.ts";
import { isRoom, NoRoom } from "../balance/room.ts";
import { takeLine } from "../links/first-line.ts";
import { JOB_PATHS } from "./paths.ts";
import type { JobsList, JobsReply, JobsRequest, MigrateRequest, OnwardRequest } from "./request.ts";
import type { RunAnswer, Runner } from "./runs.ts";

export interface Commands {
  /** @throws Error for the person */
  readonly migrate: (request: MigrateRequest, uid: number) => Promise<string>;
  /** Sends a guest on. @throws NoRoom, and Error with the reason why it stays */
  readonly sendOnward: (request: OnwardRequest, uid: number) => Promise<void>;
  /** Sends all guests away, or fetches all jobs home. @throws Error that names those that stay */
  readonly clear: (verb: "expel" | "bring", uid: number) => Promise<void>;
  /** Ends the daemon once no job is left; gives the pids of those that are. */
  readonly finish: (uid: number) => readonly number[];
  readonly run: (words: readonly string[], runner: Runner) => RunAnswer;
  /** The jobs that a user may see. */
  readonly list: (uid: number) => JobsList;
}

const MOST_CONNECTIONS = 256;

/** Serves on that listening socket, default one of its own. @throws Error where it cannot be opened */
export async function startCommandsServer(commands: Commands, descriptor?: number): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    void answer(socket, commands);
  });
  server.maxConnections = MOST_CONNECTIONS;
  if (descriptor === undefined) await listenOn(server, JOB_PATHS.commands, 0o666);
  else await startListening(server, () => server.listen({ fd: descriptor }));
  return server;
}

async function answer(socket: Socket, commands: Commands): Promise<void> {
  let reply: JobsReply;
  try {
    const line = await takeLine(socket);
    const peer = peerOf(socket);
    const [program, ...options] = line.split(" ").filter(Boolean);
    if (program === "mosrun") return run(socket, commands.run(options, peer));
    reply = await perform(line, peer.uid, commands);
  } catch (error) {
    reply = { error: reason(error), ...(error instanceof NoRoom && { isFull: true }) };
  }
  socket.end(`${JSON.stringify(reply)}\n`);
}

/** mosrun is moved once it has hung up: a connection does not move. */
function run(socket: Socket, { line, afterwards }: RunAnswer): void {
  socket.on("close", () => void afterwards?.());
  socket.resume();
  socket.end(`${line}\n`);
}

async function perform(line: string, uid: number, commands: Commands): Promise<JobsReply> {
  const request = parseRequest(line);
  if (request.verb === "list") return commands.list(uid);
  if (request.verb === "onward") {
    await commands.sendOnward(request, uid);
    return { text: "" };
  }
  if (request.verb === "expel" || request.verb === "bring") {
    await commands.clear(request.verb, uid);
    return { text: "" };
  }
  if (request.verb === "finish") return { text: commands.finish(uid).join(" ") };
  return { text: await commands.migrate(request, uid) };
}

/** @throws SyntaxError that says what was wanted */
function parseRequest(line: string): JobsRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Said below.
  }
  const request = (value ?? {}) as Partial<Record<string, unknown>>;
  const { pid, to, room } = request;
  const isMove = Number.isInteger(pid) && typeof to === "string";
  const verb = String(request["verb"]);
  const isWhole =
    ["list", "expel", "bring", "finish"].includes(verb) ||
    (verb === "migrate" && isMove && (room === undefined || isRoom(room))) ||
    (verb === "onward" && isMove && isRoom(room));
  if (isWhole) return request as unknown as JobsRequest;
  throw new SyntaxError(
    "Cannot read the request: a verb, migrate, onward, list, expel, bring or finish, was wanted as JSON",
  );
}

/** Listens on a UNIX socket in place of an earlier daemon's. @throws Error where it cannot be opened */
export async function listenOn(server: Server, path: string, mode: number): Promise<void> {
  rmSync(path, { force: true });
  await startListening(server, () => server.listen(path));
  server.on("error", () => {});
  chmodSync(path, mode);
}
