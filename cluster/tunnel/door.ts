/**
 * The door: where a node that has the cluster key is made a peer of this node's tunnel. In an open cluster the door only
 * says that the services of moves answer.
 */

import { createServer, type Server, type Socket } from "node:net";
import { ConnectionLimit } from "../../system/connection-limit.ts";
import { startListening } from "../../system/listening.ts";
import { type Log, reason } from "../../system/log.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import type { ClusterKey } from "../security/key.ts";
import { ANSWER_MILLISECONDS, answerGreeting, DOOR_PORT, GREETING, OPEN, UNABLE } from "./door-visit.ts";
import { LineSocket } from "./line-socket.ts";

/** Visits at once, a quarter of them from one address. */
const MOST_VISITS = 64;

export interface DoorOptions {
  /** `undefined` in an open cluster. */
  readonly key: ClusterKey | undefined;
  /** This node's LAN address. */
  readonly address: string;
  readonly port?: number;
  /** A listening socket in place of the port; it may listen on other addresses too. */
  readonly descriptor?: number;
  /** Makes the visitor a peer. @throws Error that says why this node cannot */
  readonly admit: (visitor: string) => Promise<void>;
  readonly log: Log;
  /** Limit of one visit until the key is proved. */
  readonly milliseconds?: number;
}

export class Door {
  readonly #options: DoorOptions;
  readonly #server: Server;
  readonly #visits = new Set<Socket>();
  readonly #limit = new ConnectionLimit(MOST_VISITS);
  /** Any machine of the network can cause these lines. */
  readonly #log: Log;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#log = new RateLimitedLog(options.log);
    this.#server = createServer((socket) => {
      const isForHere = socket.localAddress === options.address;
      if (!isForHere || !this.#limit.admits(socket)) return void socket.destroy();
      this.#visits.add(socket);
      socket.once("close", () => this.#visits.delete(socket));
      void this.#receive(socket);
    });
  }

  /** Opens the door. @throws Error "Cannot open the door …: why" */
  async open(): Promise<void> {
    const { address, port = DOOR_PORT, descriptor } = this.#options;
    const listen = () =>
      descriptor === undefined ? this.#server.listen(port, address) : this.#server.listen({ fd: descriptor });
    try {
      await startListening(this.#server, listen);
    } catch (error) {
      throw new Error(`Cannot open the door of the tunnel on ${address}:${port}: ${reason(error)}`);
    }
    // An error from here on concerns one visit alone.
    this.#server.on("error", () => {});
  }

  /** The TCP port of the open door. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const socket of this.#visits) socket.destroy();
    await promise;
  }

  async #receive(socket: Socket): Promise<void> {
    const { key, address, milliseconds } = this.#options;
    const visitor = socket.remoteAddress ?? "";
    const line = new LineSocket(socket, milliseconds);
    try {
      const greeting = await line.hear();
      if (key === undefined) return answerOpenly(line, greeting);
      const { nonce, proof } = answerGreeting(greeting, key, { visitor, host: address });
      line.say(nonce);
      if (!proof.proves("client", await line.hear())) throw new Error("it does not prove the cluster key");
      line.allow(ANSWER_MILLISECONDS);
      line.say((await this.#admits(visitor)) ? proof.of("server") : UNABLE);
      line.end();
    } catch (error) {
      line.destroy();
      this.#log.warn(`Cannot let ${visitor} into the tunnel: ${reason(error)}, hanging up`);
    }
  }

  /** Whether the visitor is a peer now. */
  async #admits(visitor: string): Promise<boolean> {
    try {
      await this.#options.admit(visitor);
      return true;
    } catch (error) {
      this.#log.error(`Cannot open the tunnel to ${visitor}: ${reason(error)}`);
      return false;
    }
  }
}

/** @throws Error that says what is wrong */
function answerOpenly(line: LineSocket, greeting: string): void {
  if (greeting !== GREETING + OPEN) throw new Error("it does not speak as a node of an open cluster does");
  line.say(OPEN);
  line.end();
}
