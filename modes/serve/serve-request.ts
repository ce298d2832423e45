/** What `clump.serve` asks of a node. */

import { ownAddress, type Pool, parsePool } from "./pool.ts";

export interface ServeRequest {
  /** What this node gives away where no DHCP server answers. */
  readonly pool: Pool;
  /** Whether the pool was named; then there is none to be expected, and less patience. */
  readonly isAsked: boolean;
}

/** A network that few have: of those that RFC 1918 leaves to everybody, none that routers are sold with. */
const DEFAULT_POOL: Pool = ["192.168.77.2", "192.168.77.254"];

/** What `clump.serve` without a value asks for. */
export const PLAIN_SERVE: ServeRequest = { pool: DEFAULT_POOL, isAsked: false };

/** What a node with this address does for others, in half a line. */
export function describeServing({ pool }: Pick<ServeRequest, "pool">, address: string): string {
  const how = address === ownAddress(pool) ? `with addresses ${pool.join(" to ")}` : "beside the DHCP server";
  return `the other PCs, ${how}`;
}

export const SERVE_WANTED = "two addresses of one Class C network as 10.1.0.50,10.1.0.200, 0, or no value";

/** Reads the value of `clump.serve`; "no" where it is not wanted, undefined where it cannot be read. */
export function parseServeRequest(value: string): ServeRequest | "no" | undefined {
  if (value === "0") return "no";
  if (value === "" || value === "1") return PLAIN_SERVE;
  const pool = parsePool(value);
  return pool !== undefined && ownAddress(pool) !== undefined ? { pool, isAsked: true } : undefined;
}
