/** Where other nodes speak to this node's daemon of jobs: the first line says what a connection is for. */

import { connect, createServer, type Server, type Socket } from "node:net";
import type { Deputies } from "./deputies.ts";
import { takeLine } from "./first-line.ts";
import type { Guests } from "./guests.ts";
import { JOBS_PORT } from "./paths.ts";

const LINE_MILLISECONDS = 5_000;
const CONNECT_MILLISECONDS = 5_000;
const MOST_CONNECTIONS = 1_024;
const PROBE_SECONDS = 10;

export interface JobsServerOptions {
  /** The address to listen on. */
  readonly address: string;
  /** The LAN address of the node that connects from there; `undefined` for a stranger. */
  readonly from: (address: string) => string | undefined;
  /** Why no process is taken now; `undefined` where processes are welcome. */
  readonly refusal: () => string | undefined;
  readonly deputies: Deputies;
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
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(JOBS_PORT, options.address, resolve);
  await promise;
  server.on("error", () => {});
  return server;
}

async function serve(socket: Socket, options: JobsServerOptions): Promise<void> {
  const node = options.from(socket.remoteAddress ?? "");
  if (node === undefined) return void socket.destroy();
  const line = await takeLine(socket, LINE_MILLISECONDS);
  const [verb = "", job = ""] = line.split(" ");
  const refusal = options.refusal();
  if (verb === "link") options.guests.takeLink(node, job, socket);
  else if (verb === "deputy") socket.end(options.deputies.has(job) ? "yes\n" : "no\n");
  else if (!line.startsWith("{"))
    socket.end("refused Cannot take that: link, deputy or an order was wanted\n");
  else if (refusal !== undefined) socket.end(`refused ${refusal}\n`);
  else await options.guests.take(node, line, socket);
}

/** Connects to the daemon of jobs at that address. @throws Error where it does not answer */
export async function dialJobs(address: string): Promise<Socket> {
  const socket = connect(JOBS_PORT, address);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`${address} does not answer`)), CONNECT_MILLISECONDS);
  socket.on("error", reject);
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

/** Whether the node at that address has a deputy for the job; `undefined` where it does not answer. */
export async function askForDeputy(address: string, job: string): Promise<boolean | undefined> {
  try {
    const socket = await dialJobs(address);
    socket.write(`deputy ${job}\n`);
    const answer = await takeLine(socket, LINE_MILLISECONDS).finally(() => socket.destroy());
    return answer === "yes" ? true : answer === "no" ? false : undefined;
  } catch {
    return undefined;
  }
}
