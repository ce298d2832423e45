/** The boot servers of a node: one on each interface that has an address, as addresses come and go. */

import type { networkInterfaces } from "node:os";
import { type Log, reason } from "../../init/machine/log.ts";
import type { BootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { ownAddress, type Pool } from "./pool.ts";

const HTTP_PORT = 80;

export interface NodeServersOptions {
  readonly pool: Pool;
  readonly start: (settings: ServeSettings) => Promise<BootServer>;
  readonly log: Log;
  /** Called when a server ended that should not have. */
  readonly failed: (why: string) => void;
}

export interface NodeServers {
  /** Starts and stops servers until they fit the interfaces there are; one call after the other. */
  follow(interfaces: ReturnType<typeof networkInterfaces>): Promise<void>;
}

/**
 * What to serve, by interface. Addresses are given away on the one alone whose address the node took for that; on
 * any other the DHCP server stays who it is. `isAdapter` tells hardware from what is made of it.
 */
export function planServers(
  interfaces: ReturnType<typeof networkInterfaces>,
  pool: Pool,
  isAdapter: (name: string) => boolean,
): ReadonlyMap<string, ServeSettings & { readonly address: string }> {
  const own = ownAddress(pool);
  const servers = Object.entries(interfaces).flatMap(([name, list = []]) => {
    const address = list.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (address === undefined || !isAdapter(name)) return [];
    const settings = { interface: name, address, httpPort: HTTP_PORT, ...(address === own && { pool }) };
    return [[name, settings] as const];
  });
  return new Map(servers);
}

export function createNodeServers(
  { pool, start, log, failed }: NodeServersOptions,
  isAdapter: (name: string) => boolean,
): NodeServers {
  const running = new Map<string, { readonly key: string; readonly server: BootServer }>();
  let queue = Promise.resolve();

  async function apply(interfaces: ReturnType<typeof networkInterfaces>): Promise<void> {
    const wanted = planServers(interfaces, pool, isAdapter);
    for (const [name, { key, server }] of running) {
      const settings = wanted.get(name);
      if (settings !== undefined && keyOf(settings) === key) continue;
      running.delete(name);
      await server.stop();
      log.info(`no longer boots other nodes on ${name}`);
    }
    for (const [name, settings] of wanted) if (!running.has(name)) await begin(name, settings);
  }

  async function begin(name: string, settings: ServeSettings): Promise<void> {
    const server = await start(settings);
    const entry = { key: keyOf(settings), server };
    running.set(name, entry);
    const how = settings.pool ? `DHCP server, ${settings.pool.join(" to ")}` : "beside the DHCP server there";
    log.info(servingLine(name, how));
    void server.failed.then((why) => running.get(name) === entry && failed(why));
  }

  return {
    follow(interfaces) {
      queue = queue.then(() => apply(interfaces)).catch((error: unknown) => failed(reason(error)));
      return queue;
    },
  };
}

/** The line that says that a node boots others; the tests look for it. */
export function servingLine(name: string, how: string): string {
  return `boots the other PCs on ${name} (${how})`;
}

function keyOf(settings: ServeSettings): string {
  return JSON.stringify(settings);
}
