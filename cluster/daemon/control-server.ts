/** The control port: a local socket for the commands, and TCP for telnet and clumpview. */

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { ConnectionLimit, isLoopback } from "../../system/connection-limit.ts";
import { startListening } from "../../system/listening.ts";
import { type Log, reason } from "../../system/log.ts";
import { PATHS, RUN_FOLDER } from "../../system/state/paths.ts";
import { TokenBucket } from "../../system/token-bucket.ts";
import { MovesFile } from "../moves-report.ts";
import type { ClusterKey } from "../security/key.ts";
import { answerControl } from "./control.ts";
import type { ControlContext } from "./control-context.ts";
import { ControlLine, TRIES_A_SECOND } from "./control-line.ts";

const GREETING = "clump control; help lists the commands, quit ends\r\n";
const MOST_CONNECTIONS = 16;
const IDLE_MILLISECONDS = 300_000;
/** From the start of a connection from outside until it has proved the key: there are few places. */
const STRANGER_MILLISECONDS = 30_000;
/** The view of a cluster of MOST_NODES, twice. */
const MOST_UNREAD_BYTES = 16 * 2 ** 20;
/** For the other end to read the last answer, once this end is closed. */
const CLOSING_MILLISECONDS = 10_000;

export interface ControlServerOptions {
  readonly root: string;
  /** Absent for no TCP port. */
  readonly tcp: { readonly address: string; readonly port: number } | undefined;
  readonly key: ClusterKey | undefined;
  readonly context: Omit<ControlContext, "moves">;
  readonly log: Log;
}

export interface ControlServer {
  /** Tries again to open what could not be opened: the address may have come since. */
  retry(): Promise<void>;
  close(): void;
}

/** Opens both ports; the log names a port that cannot be opened, once. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { root, tcp, log } = options;
  const path = root + PATHS.clumpdSocket;
  mkdirSync(root + RUN_FOLDER, { recursive: true });
  rmSync(path, { force: true });
  const tries = new TokenBucket(TRIES_A_SECOND);
  const moves = new MovesFile(root);
  const context = { ...options.context, moves: () => moves.read() };
  const places = new ConnectionLimit(MOST_CONNECTIONS);
  const local = createServer((socket) =>
    serveConnection(socket, { ...options, context, tries, isLocal: true }),
  );
  local.maxConnections = MOST_CONNECTIONS;
  const remote = createServer((socket) => {
    if (!places.admits(socket)) return void socket.destroy();
    socket.write(GREETING);
    serveConnection(socket, { ...options, context, tries, isLocal: isLoopback(socket.remoteAddress) });
  });
  // An error after the start concerns one connection alone.
  for (const server of [local, remote]) server.on("error", () => {});
  await attempt(local, { log, listen: () => local.listen(path) });
  if (local.listening) chmodSync(path, 0o600);
  const listen = tcp && (() => remote.listen(tcp.port, tcp.address));
  if (listen) await attempt(remote, { log, listen });
  return {
    retry: async () => {
      if (listen && !remote.listening) await attempt(remote, { listen });
    },
    close: () => {
      for (const server of [local, remote]) server.close();
      rmSync(path, { force: true });
    },
  };
}

/** Opens a server, or tells the log, if there is one, why it cannot be opened. */
async function attempt(
  server: Server,
  { log, listen }: { readonly log?: Log; readonly listen: () => void },
): Promise<void> {
  await startListening(server, listen).catch((error: unknown) =>
    log?.warn(`Cannot open a control port: ${reason(error)}, ignoring`),
  );
}

export type ConnectionOptions = Pick<ControlServerOptions, "key"> & {
  readonly context: ControlContext;
  readonly tries: TokenBucket;
  readonly isLocal: boolean;
};

/** Answers the lines of one connection. */
export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const { key, context, tries, isLocal } = options;
  // Bytes do not prolong this limit: a stranger could otherwise hold a place for ever.
  const limit = isLocal ? undefined : setTimeout(() => socket.destroy(), STRANGER_MILLISECONDS);
  const line = new ControlLine({
    isLocal,
    key,
    tries,
    answer: (text) => answerControl(text, context, isLocal ? undefined : socket.remoteAddress),
    send: (text) => {
      if (!socket.destroyed) socket.write(text);
      // A client that asks on and does not read is not worth the memory.
      if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    },
    trusted: () => clearTimeout(limit),
    close: () => {
      socket.end();
      setTimeout(() => socket.destroy(), CLOSING_MILLISECONDS).unref();
    },
    now: () => performance.now(),
  });
  socket.setTimeout(IDLE_MILLISECONDS, () => socket.destroy());
  socket.on("data", (bytes: Buffer) => line.receive(bytes));
  socket.on("close", () => clearTimeout(limit));
  // The other end has hung up.
  socket.on("error", () => socket.destroy());
}
