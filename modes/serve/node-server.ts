/** The boot server of a node; it serves on the primary NIC, and only while that NIC has an address. */

import { type Log, reason } from "../../system/log.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import type { BootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { describePool, ownAddress, type Pool } from "./pool.ts";

export const HTTP_PORT = 80;

export type Place = Pick<NodeStatus, "nic" | "address">;

export interface NodeServerOptions {
  /** How to serve there; undefined for not at all. */
  readonly plan: (place: Place) => ServeSettings | undefined;
  readonly start: (settings: ServeSettings) => Promise<BootServer>;
  readonly log: Log;
  /** Called with the reason when the server ended by itself or could not start. */
  readonly failed: (why: string) => void;
}

/**
 * The settings of the server; undefined without an address. The node is a DHCP server only where its address is the
 * one reserved beside the pool: any other address came from the network's own DHCP server, which stays in charge.
 */
export function planServer({ nic, address }: Place = {}, pool: Pool): ServeSettings | undefined {
  if (nic === undefined || address === undefined) return undefined;
  return { interface: nic, httpPort: HTTP_PORT, ...(address === ownAddress(pool) && { pool }) };
}

interface Running {
  /** The settings and the address that the server was started for. */
  readonly key: string;
  readonly interface: string;
  readonly server: BootServer;
}

export class NodeServer {
  readonly #options: NodeServerOptions;
  #running: Running | undefined;
  #queue = Promise.resolve();

  constructor(options: NodeServerOptions) {
    this.#options = options;
  }

  /** Starts or stops the server so that it fits the node; calls run one after the other. */
  update(status: Place | undefined): Promise<void> {
    this.#queue = this.#queue
      .then(() => this.#apply(status))
      .catch((error: unknown) => this.#options.failed(reason(error)));
    return this.#queue;
  }

  async #apply(status: Place = {}): Promise<void> {
    const { plan, start, log, failed } = this.#options;
    const settings = plan(status);
    const key = JSON.stringify([settings, status.address]);
    if (this.#running?.key === key) return;
    await this.#stop();
    if (settings === undefined) return;
    const server = await start(settings);
    const running = { key, interface: settings.interface, server };
    this.#running = running;
    log.info(servingLine(settings));
    void server.failed.then((why) => this.#running === running && failed(why));
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    await running.server.stop();
    this.#options.log.info(`boots no other PCs on ${running.interface} any more`);
  }
}

function servingLine({ interface: name, pool }: ServeSettings): string {
  return `boots the other PCs on ${name} (${describePool(pool)})`;
}
