/** What makes a map unusable, in the order and in the words of setpe of openMosix-tools 0.3.6, typing errors included. */

import { formatAddress } from "../../system/address/ipv4.ts";
import { addressOfNode, MAXIMUM_ENTRIES, type MapEntry, nodeAtAddress } from "./map.ts";

/** MOSIX keeps 0xffff for itself. */
export const MAXIMUM_NODE = 65_534;

const ADDRESSES = 2 ** 32;

/** Who this node is: the number it was given (`setpe -p`), or its addresses, to be looked up in the map. */
export type Self = { readonly node: number } | { readonly addresses: readonly number[] };

/**
 * Checks a map for one node and gives the node's own number.
 * @throws RangeError with the message of the first rule that is broken
 */
export function checkMap(entries: readonly MapEntry[], self: Self, program: string): number {
  if ("node" in self) checkOwnNumber(self.node, program);
  for (const rule of RULES) {
    const message = rule(entries);
    if (message !== undefined) throw new RangeError(message);
  }
  return findSelf(entries, self, program);
}

function checkOwnNumber(node: number, program: string): void {
  if (node <= 0) throw new RangeError(`${program}: My node number < 1 ???`);
  if (node > MAXIMUM_NODE) {
    throw new RangeError(`${program}: This node number is larger thanthe maximum (${MAXIMUM_NODE})`);
  }
}

function findSelf(entries: readonly MapEntry[], self: Self, program: string): number {
  if ("node" in self) {
    if (addressOfNode(entries, self.node) !== undefined) return self.node;
    throw new RangeError(`${program}: the table is ok, but I'm not there!`);
  }
  for (const address of self.addresses) {
    const node = nodeAtAddress(entries, address);
    if (node !== undefined) return node;
  }
  const mine = formatAddress(self.addresses[0] ?? 0);
  throw new RangeError(
    `${program}: the supplied table is well-formatted,\nbut my IP address (${mine}) is not there!`,
  );
}

/** Each gives the message when a map breaks it. */
const RULES: readonly ((entries: readonly MapEntry[]) => string | undefined)[] = [
  (entries) => (entries.length === 0 ? "The table is Empty!" : undefined),
  (entries) =>
    entries.length > MAXIMUM_ENTRIES ? `Table size too big (max ${MAXIMUM_ENTRIES} entries)` : undefined,
  (entries) => {
    const low = entries.find(({ base }) => base <= 0);
    return low && `Table contains OpenMosix 'node-#${low.base}'!`;
  },
  (entries) => {
    const high = entries.find((entry) => lastNode(entry) > MAXIMUM_NODE);
    return high && `Table contains node-#${lastNode(high)} (max=${MAXIMUM_NODE})!`;
  },
  (entries) =>
    entries.some(({ address, count }) => address + count >= ADDRESSES)
      ? "Table contains an IP Address(es) Wrap!"
      : undefined,
  (entries) =>
    overlap(ranges(entries), "base") ? "Table contains conflicting OpenMosix addresses!" : undefined,
  (entries) => (overlap(ranges(entries), "address") ? "Table contains conflicting IP addresses!" : undefined),
  (entries) => {
    const stray = aliases(entries).find(({ base }) => addressOfNode(entries, base) === undefined);
    return stray && `Table contains an alias for node #${stray.base} - which is not included!`;
  },
  (entries) =>
    aliases(entries).some(({ address }) => nodeAtAddress(entries, address) !== undefined)
      ? "Table contains an IP conflict between a range and an alias!"
      : undefined,
  (entries) =>
    new Set(aliases(entries).map(({ address }) => address)).size < aliases(entries).length
      ? "Table contains an IP conflict: 2 or more aliases claim the same IP address!"
      : undefined,
];

/** An alias has a count of 0 and its node for the last one. */
function lastNode({ base, count }: MapEntry): number {
  return base + Math.max(count, 1) - 1;
}

function ranges(entries: readonly MapEntry[]): MapEntry[] {
  return entries.filter(({ count }) => count > 0);
}

function aliases(entries: readonly MapEntry[]): MapEntry[] {
  return entries.filter(({ count }) => count === 0);
}

/** Whether two ranges share a number on one axis. */
function overlap(entries: readonly MapEntry[], axis: "base" | "address"): boolean {
  const sorted = entries.toSorted((a, b) => a[axis] - b[axis]);
  return sorted.some((entry, index) => {
    const before = sorted[index - 1];
    return before !== undefined && before[axis] + before.count > entry[axis];
  });
}
