/** The control port: a local socket for the commands, and TCP for telnet. */

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { type Log, reason } from "../../init/machine/log.ts";
import { Bucket } from "../security/bucket.ts";
import type { ClusterKey } from "../security/key.ts";
import { VIEW_FOLDER } from "../view.ts";
import { answerControl, type ControlContext } from "./control.ts";
import { createControlLine, TRIES_A_SECOND } from "./control-line.ts";

export const CONTROL_PATH = `${VIEW_FOLDER}/control`;

const GREETING = "clump control; help lists the commands, quit ends\r\n";
const MOST_CONNECTIONS = 16;
const IDLE_MILLISECONDS = 300_000;
/** For the last answer to be read, once this end is closed. */
const CLOSING_MILLISECONDS = 10_000;

export interface ControlServerOptions {
  readonly root: string;
  readonly tcp: { readonly address: string; readonly port: number };
  readonly key: ClusterKey | undefined;
  readonly context: ControlContext;
  readonly log: Log;
}

/** Opens both; one that cannot be opened is named in the log and left out. Gives what closes them. */
export async function startControlServer(options: ControlServerOptions): Promise<() => void> {
  const { root, tcp, log } = options;
  const path = root + CONTROL_PATH;
  mkdirSync(root + VIEW_FOLDER, { recursive: true });
  rmSync(path, { force: true });
  const tries = new Bucket(TRIES_A_SECOND);
  const local = createServer((socket) => serve(socket, { ...options, tries, isLocal: true }));
  const remote = createServer((socket) => {
    socket.write(GREETING);
    serve(socket, { ...options, tries, isLocal: isLoopback(socket.remoteAddress) });
  });
  const servers = [local, remote];
  for (const server of servers) server.maxConnections = MOST_CONNECTIONS;
  const opened = [
    open(local, (done) => local.listen(path, done)),
    open(remote, (done) => remote.listen(tcp.port, tcp.address, done)),
  ];
  for (const result of await Promise.allSettled(opened)) {
    if (result.status === "rejected")
      log.warn(`Cannot open a control port: ${reason(result.reason)}, ignoring`);
  }
  if (local.listening) chmodSync(path, 0o600);
  return () => {
    for (const server of servers) server.close();
    rmSync(path, { force: true });
  };
}

function open(server: Server, listen: (done: () => void) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.on("error", reject);
  listen(resolve);
  return promise;
}

type ConnectionOptions = ControlServerOptions & { readonly tries: Bucket; readonly isLocal: boolean };

function serve(socket: Socket, { key, context, tries, isLocal }: ConnectionOptions): void {
  const take = createControlLine({
    isLocal,
    key,
    tries,
    answer: (line) => answerControl(line, context),
    send: (text) => void socket.write(text),
    close: () => {
      socket.end();
      setTimeout(() => socket.destroy(), CLOSING_MILLISECONDS).unref();
    },
    now: () => performance.now(),
  });
  socket.setTimeout(IDLE_MILLISECONDS, () => socket.destroy());
  socket.on("data", take);
  // Whoever hangs up is gone.
  socket.on("error", () => socket.destroy());
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
