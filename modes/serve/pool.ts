/** The DHCP pool of a boot server. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";

export type Pool = readonly [from: string, to: string];

/** Parses "192.168.1.100,192.168.1.200"; undefined for anything else. */
export function parsePool(text: string): Pool | undefined {
  const [from = "", to = "", ...rest] = text.split(",");
  const [first, last] = [parseAddress(from), parseAddress(to)];
  const isPool = rest.length === 0 && first !== undefined && last !== undefined && first <= last;
  return isPool ? [from, to] : undefined;
}

/** Host numbers for the node's own address; the node takes the first that lies outside the pool. */
const OWN_HOSTS = [1, 254];

/**
 * The address of the node that serves this pool, in the pool's Class C network; undefined for a pool of several
 * networks, and for one that leaves no address free.
 */
export function ownAddress([from, to]: Pool): string | undefined {
  const [first, last] = [parseAddress(from) ?? 0, parseAddress(to) ?? 0];
  if (first >>> 8 !== last >>> 8) return undefined;
  const network = first - (first & 255);
  const own = OWN_HOSTS.map((host) => network + host).find((address) => address < first || address > last);
  return own === undefined ? undefined : formatAddress(own);
}

/** How a server with this pool serves, or one beside another DHCP server without a pool. */
export function describePool(pool: Pool | undefined): string {
  return pool ? `DHCP server, ${pool.join(" to ")}` : "beside the DHCP server there";
}
