/** The VNC port: the relay passes a client on to the X server when the client has spoken as a viewer does. */

import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { ConnectionLimit } from "../../system/connection-limit.ts";
import { startListening } from "../../system/listening.ts";
import { type Log, reason } from "../../system/log.ts";
import { introduce, readVersion, VERSION } from "./rfb-version.ts";

/** Connections from outside, a quarter of them from one address, and as many from this node. */
const MOST_CONNECTIONS = 256;
/** A viewer sends its version at once: a health check and a port scanner never do. */
const VERSION_MILLISECONDS = 5_000;
/** A person types a password within that time; then a connection without a login loses its place. */
const LOGIN_MILLISECONDS = 120_000;
/** Until a login the X server sends less, 0.5 kB with TLS; a picture of clumpview is larger. */
const LOGIN_BYTES = 1_024;
/** For a client to take the X server's last words. */
const FAREWELL_MILLISECONDS = 5_000;
const KEEP_ALIVE_MILLISECONDS = 60_000;

export interface VncRelayOptions {
  /** Connects to the X server from an address of the loopback. @throws Error "Cannot …" */
  readonly connect: (from: string) => Promise<Socket>;
  /** Called when the number of clients has become zero. */
  readonly deserted: () => void;
  /** Any machine of the network can cause these lines. */
  readonly log: Pick<Log, "warn">;
  readonly versionMilliseconds?: number;
  readonly loginMilliseconds?: number;
}

export class VncRelay {
  readonly #options: VncRelayOptions;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #places = new ConnectionLimit(MOST_CONNECTIONS);

  constructor(options: VncRelayOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (client) => {
      if (this.#places.admits(client)) void this.#serve(client);
      else client.destroy();
    });
  }

  /** Resolves when the relay listens. @throws the error of the socket */
  listen(where: ListenOptions | { readonly fd: number }): Promise<void> {
    return startListening(this.#server, () => this.#server.listen(where));
  }

  /** The TCP port that the relay listens on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get clients(): number {
    return this.#clients.size;
  }

  close(): void {
    this.#server.close();
    for (const client of this.#clients) client.destroy();
  }

  async #serve(client: Socket): Promise<void> {
    const { versionMilliseconds = VERSION_MILLISECONDS, connect, log } = this.#options;
    const from = client.remoteAddress ?? "";
    this.#keep(client);
    const deadline = setTimeout(() => client.destroy(), versionMilliseconds);
    client.write(VERSION);
    const version = await readVersion(client).finally(() => clearTimeout(deadline));
    if (version === undefined) return void client.destroy();
    try {
      const server = await connect(loopbackOf(from));
      server.on("error", () => server.destroy());
      await introduce(server, version);
      this.#join(client, server);
    } catch (error) {
      client.destroy();
      log.warn(`Cannot show the desktop to ${from}: ${reason(error)}, hanging up`);
    }
  }

  #keep(client: Socket): void {
    this.#clients.add(client);
    client.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
    client.on("error", () => client.destroy());
    client.once("close", () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#options.deserted();
    });
  }

  /** Each side gets what the other sends, and ends when the other ends. */
  #join(client: Socket, server: Socket): void {
    const { loginMilliseconds = LOGIN_MILLISECONDS } = this.#options;
    const login = setTimeout(() => {
      if (server.bytesRead < LOGIN_BYTES) client.destroy();
    }, loginMilliseconds);
    server.once("close", () => {
      clearTimeout(login);
      setTimeout(() => client.destroy(), FAREWELL_MILLISECONDS).unref();
    });
    client.once("close", () => server.destroy());
    if (client.destroyed) server.destroy();
    client.pipe(server);
    server.pipe(client);
  }
}

/**
 * The address of the loopback from which the X server sees a client: 127 and the last three numbers of the client's
 * IPv4 address. The X server blocks guessers of the password by their address, so each client needs its own.
 */
export function loopbackOf(address: string): string {
  return ["127", ...address.split(".").slice(-3)].join(".");
}
