/** The map of a cluster whose nodes take their numbers as omdiscd does: the map grows as nodes appear. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import type { OwnMap } from "./class-c.ts";
import { MAXIMUM_ENTRIES, type MapEntry } from "./map.ts";

/**
 * Entries for these addresses (unsigned 32 bits), as many as a map may have; adjacent addresses share a range. Of two
 * addresses with one number the first keeps the number: setpe refuses a map in which two ranges share a number.
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
 * The map of a node that has met no other node.
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

/** The node number that omdiscd gives an address: its low 16 bits, or nothing for 0 and 65535, which MOSIX does not take. */
export function omdiscdNode(address: number): number | undefined {
  const node = address & 0xffff;
  return node > 0 && node < 0xffff ? node : undefined;
}
