/** The boot server of a node; it serves on the primary NIC, and only while that NIC has an address. */

import { type Log, reason } from "../../system/log.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import type { BootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { ownAddress, type Pool } from "./pool.ts";

const HTTP_PORT = 80;

export interface NodeServerOptions {
  readonly pool: Pool;
  readonly start: (settings: ServeSettings) => Promise<BootServer>;
  readonly log: Log;
  /** Called with the reason when the server ended by itself or could not start. */
  readonly failed: (why: string) => void;
}

/**
 * The settings of the server; undefined without an address. The node is a DHCP server only where its address is the
 * one reserved beside the pool: any other address came from the network's own DHCP server, which stays in charge.
 */
export function planServer(
  { nic, address }: Pick<NodeStatus, "nic" | "address"> = {},
  pool: Pool,
): ServeSettings | undefined {
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
  update(status: Pick<NodeStatus, "nic" | "address"> | undefined): Promise<void> {
    this.#queue = this.#queue
      .then(() => this.#apply(status))
      .catch((error: unknown) => this.#options.failed(reason(error)));
    return this.#queue;
  }

  async #apply(status: Pick<NodeStatus, "nic" | "address"> = {}): Promise<void> {
    const { pool, start, log, failed } = this.#options;
    const settings = planServer(status, pool);
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
  const how = pool ? `DHCP server, ${pool.join(" to ")}` : "beside the DHCP server there";
  return `boots the other PCs on ${name} (${how})`;
}
