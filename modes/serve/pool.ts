/** The addresses that a boot server gives away where it is the DHCP server. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";

export type Pool = readonly [from: string, to: string];

/** Reads "192.168.1.100,192.168.1.200"; undefined for what is not a first and a last address. */
export function parsePool(text: string): Pool | undefined {
  const [from = "", to = "", ...rest] = text.split(",");
  const [first, last] = [parseAddress(from), parseAddress(to)];
  const isPool = rest.length === 0 && first !== undefined && last !== undefined && first <= last;
  return isPool ? [from, to] : undefined;
}

/** Host numbers that a node takes for itself in the network of its pool, the first that is not given away. */
const OWN_HOSTS = [1, 254];

/**
 * The address of the node that gives these away, in their Class C network; undefined where they do not lie in one,
 * or leave no address to it.
 */
export function ownAddress([from, to]: Pool): string | undefined {
  const [first, last] = [parseAddress(from) ?? 0, parseAddress(to) ?? 0];
  if (first >>> 8 !== last >>> 8) return undefined;
  const network = first - (first & 255);
  const own = OWN_HOSTS.map((host) => network + host).find((address) => address < first || address > last);
  return own === undefined ? undefined : formatAddress(own);
}
