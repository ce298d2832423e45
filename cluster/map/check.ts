/** The faults of a map, in the order and the words of setpe of openMosix-tools 0.3.6, spelling mistakes included. */

import { formatAddress } from "../../system/address/ipv4.ts";
import { addressOfNode, MAXIMUM_ENTRIES, type MapEntry, nodeAtAddress } from "./map.ts";

/** MOSIX keeps 0xffff for itself. */
export const MAXIMUM_NODE = 65_534;

const ADDRESSES = 2 ** 32;

/** This node: its number (`setpe -p`), or its addresses, which the map gives a number. */
export type Self = { readonly node: number } | { readonly addresses: readonly number[] };

/**
 * Checks a map for one node. Returns the number of that node.
 * @throws RangeError with the message of setpe for the first fault
 */
export function checkMap(entries: readonly MapEntry[], self: Self, program: string): number {
  if ("node" in self) checkOwnNumber(self.node, program);
  const fault = findFault(entries);
  if (fault !== undefined) throw new RangeError(`${program}: ${fault}`);
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

/** The first fault, entry by entry in the order of the map. */
function findFault(entries: readonly MapEntry[]): string | undefined {
  if (entries.length === 0) return "The table is Empty!";
  if (entries.length > MAXIMUM_ENTRIES) return `Table size too big (max ${MAXIMUM_ENTRIES} entries)`;
  for (const [index, entry] of entries.entries()) {
    if (entry.count < 0) return "Table contains a range with a negative number of nodes!";
    if (entry.base <= 0) return `Table contains OpenMosix 'node-#${entry.base}'!`;
    const fault =
      entry.count === 0
        ? findAliasFault(entry, entries)
        : (findLimit(entry) ?? findConflict(entry, entries.slice(0, index)));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** An alias is compared with all other entries. */
function findAliasFault(alias: MapEntry, entries: readonly MapEntry[]): string | undefined {
  for (const other of entries) {
    if (other.count === 0 && other !== alias && other.address === alias.address)
      return "Table contains a conflict: 2 or more aliases claim the same IP address!";
    if (other.count > 0 && overlap(alias, other, "address"))
      return "Table contains an IP conflict between a range and an alias!";
  }
  if (addressOfNode(entries, alias.base) !== undefined) return undefined;
  return `Table contains an alias for node #${alias.base} - which is not included!`;
}

function findLimit({ base, address, count }: MapEntry): string | undefined {
  // An int of C overflows here: a range of 2^31 nodes passes, and no node is in it.
  const last = (base + count - 1) | 0;
  if (last > MAXIMUM_NODE) return `Table contains node-#${last} (max=${MAXIMUM_NODE})!`;
  return address + count >= ADDRESSES ? "Table contains an IP Address(es) Wrap!" : undefined;
}

/** A range is compared with the ranges before it. */
function findConflict(range: MapEntry, entries: readonly MapEntry[]): string | undefined {
  for (const other of entries) {
    if (other.count === 0) continue;
    if (overlap(range, other, "base")) return "Table contains conflicting OpenMosix addresses!";
    if (overlap(range, other, "address")) return "Table contains conflicting IP addresses!";
  }
  return undefined;
}

/** Whether two entries share a number on one axis; an alias has one address. */
function overlap(a: MapEntry, b: MapEntry, axis: "base" | "address"): boolean {
  return a[axis] < b[axis] + (b.count || 1) && b[axis] < a[axis] + (a.count || 1);
}
