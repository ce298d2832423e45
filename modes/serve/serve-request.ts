/** The option `clump.serve`. */

import { parseBoolean } from "../../system/boolean.ts";
import { ownAddress, type Pool, parsePool } from "./pool.ts";

export const CLUMPSERVE = "/usr/sbin/clumpserve";
/** Has clumpserve take its files from a medium, and end. */
export const TAKE_OPTION = "--take";

export interface ServeRequest {
  /** The pool for a network without a DHCP server. */
  readonly pool: Pool;
  /** Whether the option names the pool; the node then waits less for a DHCP server. */
  readonly isAsked: boolean;
}

/** A network of RFC 1918 that is no default of common routers. */
const DEFAULT_POOL: Pool = ["192.168.77.2", "192.168.77.254"];

/** The request of `clump.serve` without a value. */
export const PLAIN_SERVE: ServeRequest = { pool: DEFAULT_POOL, isAsked: false };

/** The service of a node with this address, as half a line for the screen. */
export function describeServing({ pool }: Pick<ServeRequest, "pool">, address: string): string {
  const how = address === ownAddress(pool) ? `with addresses ${pool.join(" to ")}` : "beside the DHCP server";
  return `the other PCs, ${how}`;
}

export const SERVE_WANTED = "two addresses of one Class C network as 10.1.0.50,10.1.0.200, 0, or no value";

/** Parses the value of `clump.serve`: "no" turns the service off, undefined means a value that cannot be parsed. */
export function parseServeRequest(value: string): ServeRequest | "no" | undefined {
  const isOn = value === "" ? true : parseBoolean(value);
  if (isOn !== undefined) return isOn ? PLAIN_SERVE : "no";
  const pool = parsePool(value);
  return pool !== undefined && ownAddress(pool) !== undefined ? { pool, isAsked: true } : undefined;
}
