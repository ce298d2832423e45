/** The map of a cluster that numbers itself as omdiscd does: it grows as nodes appear. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import type { OwnMap } from "./class-c.ts";
import { MAXIMUM_ENTRIES, type MapEntry } from "./map.ts";

/**
 * Entries for these addresses, neighbours in one range, as many as a map may have. Of two that make the same
 * number the first keeps it: a map in which two have one is no map.
 */
export function growMap(addresses: readonly number[]): MapEntry[] {
  const owners = new Map<number, number>();
  for (const address of addresses) {
    const node = omdiscdNode(address);
    if (node !== undefined && !owners.has(node)) owners.set(node, address);
  }
  const entries: MapEntry[] = [];
  for (const [base, address] of [...owners].sort((a, b) => a[1] - b[1])) {
    const last = entries.at(-1);
    const follows = last && last.address + last.count === address && last.base + last.count === base;
    if (follows) entries[entries.length - 1] = { ...last, count: last.count + 1 };
    else entries.push({ base, address, count: 1 });
  }
  return entries.slice(0, MAXIMUM_ENTRIES);
}

/**
 * The map of one node that knows nobody yet.
 * @throws RangeError where the address gives no node number
 */
export function omdiscdMap(address: string): OwnMap {
  const number = parseAddress(address) ?? 0;
  const node = omdiscdNode(number);
  if (node === undefined) {
    throw new RangeError(
      `Cannot number this node from ${address}: its last two octets make 0 or 65535, and 1 to 65534 was wanted`,
    );
  }
  return { text: `# Made by discovery, as omdiscd does\n${node} ${formatAddress(number)} 1\n`, node };
}

/** The node number omdiscd gives an address: its low 16 bits; none for those MOSIX cannot have. */
export function omdiscdNode(address: number): number | undefined {
  const node = address & 0xffff;
  return node > 0 && node < 0xffff ? node : undefined;
}
