/** Where other nodes speak to this node's daemon of jobs: the first line says what a connection is for. */

import { connect, createServer, type Server, type Socket } from "node:net";
import { startListening } from "../../system/listening.ts";
import { reason } from "../../system/log.ts";
import { isRoom, NoRoom, type Room } from "../balance/room.ts";
import { takeLine } from "../links/first-line.ts";
import { refuse } from "../links/refuse.ts";
import { readInstructions } from "../migration/processor.ts";
import { BY_ITSELF, FULL, GONE, HERE, MOVED, PROMISED } from "./guest-nodes.ts";
import type { Guests } from "./guests.ts";
import { JOBS_PORT } from "./paths.ts";

const CONNECT_MILLISECONDS = 5_000;
const MOST_CONNECTIONS = 1_024;
const PROBE_SECONDS = 10;

export interface JobsServerOptions {
  /** The address to listen on. */
  readonly address: string;
  /** The LAN address of the node that connects from there; `undefined` for a stranger. */
  readonly from: (address: string) => string | undefined;
  /** Why the process of that order is not taken; `undefined` where it is welcome. */
  readonly refusal: (order: string) => string | undefined;
  /** Promises room for a process that comes by itself, or gives the reason why there is none. */
  readonly promiseRoom: (room: Room) => string | undefined;
  /** Where that job of this node runs, as GuestNodes.whereIs() has it. */
  readonly whereIs: (job: string) => string;
  /** Whether this node's job is to go on from the node `from`, as Hops.isToGo() has it. */
  readonly isToGo: (from: string, job: string, next: string) => boolean;
  /** Told of each connection. */
  readonly keep: (node: string, socket: Socket) => void;
  /** Takes this node's job away from the node `from`. @throws Error with the reason why it stays there */
  readonly recall: (from: string, job: string) => Promise<void>;
  /** Sends this node's job on from the node `from` to another, as the node `from` wishes. @throws as GuestNodes.pass() */
  readonly pass: (from: string, job: string, to: string, room: Room) => Promise<void>;
  readonly guests: Guests;
}

/** @throws Error where the port cannot be opened */
export async function startJobsServer(options: JobsServerOptions): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.setKeepAlive(true, 1_000 * PROBE_SECONDS);
    socket.setNoDelay(true);
    void serve(socket, options).catch(() => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  await startListening(server, () => server.listen(JOBS_PORT, options.address));
  server.on("error", () => {});
  return server;
}

const VERBS = "link, guest, processor, room, where, goes, onward, recall, pass";

/** Whether a guest is here, as it is said to its home. */
const WORDS = new Map<boolean | undefined, string>([
  [true, "yes"],
  [false, "no"],
  [undefined, "leaving"],
]);

async function serve(socket: Socket, options: JobsServerOptions): Promise<void> {
  const node = options.from(socket.remoteAddress ?? "");
  if (node === undefined) return void socket.destroy();
  options.keep(node, socket);
  const line = await takeLine(socket);
  const { guests } = options;
  if (line.startsWith("{")) {
    const refusal = options.refusal(line);
    if (refusal === undefined) await guests.take(node, line, socket);
    else refuse(socket, refusal);
    return;
  }
  const [verb = "", job = "", next = "", third = "", fourth = ""] = line.split(" ");
  if (verb === "link" && guests.isOf(node, job)) {
    socket.write(`${HERE}\n`);
    guests.link(job, socket);
  } else if (verb === "link") socket.end(`${GONE}\n`);
  else if (verb === "guest") socket.end(`${guests.isOf(node, job) ? WORDS.get(guests.has(job)) : "no"}\n`);
  else if (verb === "processor") socket.end(`${readInstructions("").join(" ")}\n`);
  else if (verb === "room") socket.end(`${promiseRoom({ running: +job, memory: +next }, options)}\n`);
  else if (verb === "onward")
    socket.end(`${await perform(guests.sendOnward(node, job, { next, isByItself: third === BY_ITSELF }))}\n`);
  else if (verb === "recall") socket.end(`${await perform(options.recall(node, job))}\n`);
  else if (verb === "pass" && isRoom({ running: +third, memory: +fourth }))
    socket.end(`${await perform(options.pass(node, job, next, { running: +third, memory: +fourth }))}\n`);
  else if (verb === "where") socket.end(`${options.whereIs(job)}\n`);
  else if (verb === "goes") socket.end(`${options.isToGo(node, job, next) ? "yes" : "no"}\n`);
  else refuse(socket, `Cannot take that: ${VERBS} or an order was wanted`);
}

function promiseRoom(room: Room, options: JobsServerOptions): string {
  if (!isRoom(room)) return "refused Cannot promise room: a number of processes and one of bytes was wanted";
  const refusal = options.promiseRoom(room);
  return refusal === undefined ? PROMISED : `refused ${refusal}`;
}

async function perform(move: Promise<void>): Promise<string> {
  try {
    await move;
    return MOVED;
  } catch (error) {
    return `${error instanceof NoRoom ? FULL : "refused "}${reason(error).replaceAll("\n", " ")}`;
  }
}

/** Connects to the daemon of jobs at that address. @throws Error where it does not answer */
export async function dialJobs(address: string): Promise<Socket> {
  const socket = connect(JOBS_PORT, address);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`${address} does not answer`)), CONNECT_MILLISECONDS);
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const isClosed = error.code === "ECONNREFUSED";
    reject(isClosed ? new Error(`${address} takes no part in moves`) : error);
  });
  socket.on("connect", resolve);
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 1_000 * PROBE_SECONDS);
  return socket;
}
