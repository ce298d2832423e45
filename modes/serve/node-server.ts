/** The boot server of a node: on the primary NIC, as that comes, changes and goes. */

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
  /** Called when the server ended that should not have, or could not begin. */
  readonly failed: (why: string) => void;
}

export interface NodeServer {
  /** Starts and stops the server until it fits the node; one call after the other. */
  follow(status: Pick<NodeStatus, "nic" | "address"> | undefined): Promise<void>;
}

/**
 * What to serve: nothing without an address. Addresses are given away where the node has the one that is kept for it
 * beside them; with any other the DHCP server of that network stays who it is.
 */
export function planServer(
  { nic, address }: Pick<NodeStatus, "nic" | "address"> = {},
  pool: Pool,
): ServeSettings | undefined {
  if (nic === undefined || address === undefined) return undefined;
  return { interface: nic, httpPort: HTTP_PORT, ...(address === ownAddress(pool) && { pool }) };
}

export function createNodeServer({ pool, start, log, failed }: NodeServerOptions): NodeServer {
  let running: { readonly key: string; readonly name: string; readonly server: BootServer } | undefined;
  let queue = Promise.resolve();

  async function apply(status: Pick<NodeStatus, "nic" | "address"> = {}): Promise<void> {
    const settings = planServer(status, pool);
    const key = JSON.stringify([settings, status.address]);
    if (running?.key === key) return;
    const before = running;
    running = undefined;
    await before?.server.stop();
    if (before) log.info(`boots no other PCs on ${before.name} any more`);
    if (settings === undefined) return;
    const server = await start(settings);
    const entry = { key, name: settings.interface, server };
    running = entry;
    log.info(servingLine(settings));
    void server.failed.then((why) => running === entry && failed(why));
  }

  return {
    follow(status) {
      queue = queue.then(() => apply(status)).catch((error: unknown) => failed(reason(error)));
      return queue;
    },
  };
}

function servingLine({ interface: name, pool }: ServeSettings): string {
  const how = pool ? `DHCP server, ${pool.join(" to ")}` : "beside the DHCP server there";
  return `boots the other PCs on ${name} (${how})`;
}
