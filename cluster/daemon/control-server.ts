/** The control port: a local socket for the commands, and TCP for telnet. */

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { type Log, reason } from "../../system/log.ts";
import { PATHS, RUN_FOLDER } from "../../system/state/paths.ts";
import { TokenBucket } from "../../system/token-bucket.ts";
import type { ClusterKey } from "../security/key.ts";
import { answerControl } from "./control.ts";
import type { ControlContext } from "./control-context.ts";
import { createControlLine, TRIES_A_SECOND } from "./control-line.ts";

const GREETING = "clump control; help lists the commands, quit ends\r\n";
const MOST_CONNECTIONS = 16;
const IDLE_MILLISECONDS = 300_000;
/** For a connection from outside that has not given the key: there are few places. */
const STRANGER_MILLISECONDS = 30_000;
/** The view of a cluster of MOST_NODES, twice. */
const MOST_UNREAD_BYTES = 16 * 2 ** 20;
/** For the last answer to be read, once this end is closed. */
const CLOSING_MILLISECONDS = 10_000;

export interface ControlServerOptions {
  readonly root: string;
  readonly tcp: { readonly address: string; readonly port: number };
  readonly key: ClusterKey | undefined;
  readonly context: ControlContext;
  readonly log: Log;
}

export interface ControlServer {
  /** Tries again to open what could not be opened: the address may have come since. */
  retry(): Promise<void>;
  close(): void;
}

/** Opens both; one that cannot be opened is named in the log, once. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { root, tcp, log } = options;
  const path = root + PATHS.clumpdSocket;
  mkdirSync(root + RUN_FOLDER, { recursive: true });
  rmSync(path, { force: true });
  const tries = new TokenBucket(TRIES_A_SECOND);
  const local = createServer((socket) => serve(socket, { ...options, tries, isLocal: true }));
  const remote = createServer((socket) => {
    socket.write(GREETING);
    serve(socket, { ...options, tries, isLocal: isLoopback(socket.remoteAddress) });
  });
  const servers = [local, remote];
  for (const server of servers) {
    server.maxConnections = MOST_CONNECTIONS;
    // What goes wrong once it listens is between the server and one connection.
    server.on("error", () => {});
  }
  await attempt(local, { log, listen: () => local.listen(path) });
  if (local.listening) chmodSync(path, 0o600);
  const listen = () => remote.listen(tcp.port, tcp.address);
  await attempt(remote, { log, listen });
  return {
    retry: async () => {
      if (!remote.listening) await attempt(remote, { listen });
    },
    close: () => {
      for (const server of servers) server.close();
      rmSync(path, { force: true });
    },
  };
}

/** Opens a server, or says in the log, if there is one, why it cannot be. */
async function attempt(
  server: Server,
  { log, listen }: { readonly log?: Log; readonly listen: () => void },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.once("listening", resolve);
  listen();
  await promise.catch((error: unknown) =>
    log?.warn(`Cannot open a control port: ${reason(error)}, ignoring`),
  );
  server.off("error", reject);
  server.off("listening", resolve);
}

type ConnectionOptions = ControlServerOptions & { readonly tries: TokenBucket; readonly isLocal: boolean };

function serve(socket: Socket, { key, context, tries, isLocal }: ConnectionOptions): void {
  const take = createControlLine({
    isLocal,
    key,
    tries,
    answer: (line) => answerControl(line, context),
    send: (text) => {
      if (!socket.destroyed) socket.write(text);
      // Whoever asks and does not read is not worth the memory.
      if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
    },
    trusted: () => socket.setTimeout(IDLE_MILLISECONDS),
    close: () => {
      socket.end();
      setTimeout(() => socket.destroy(), CLOSING_MILLISECONDS).unref();
    },
    now: () => performance.now(),
  });
  socket.setTimeout(isLocal ? IDLE_MILLISECONDS : STRANGER_MILLISECONDS, () => socket.destroy());
  socket.on("data", take);
  // Whoever hangs up is gone.
  socket.on("error", () => socket.destroy());
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
