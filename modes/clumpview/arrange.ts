/** Filters and sorts the nodes. */

import type { NodeView } from "../../cluster/view.ts";
import { isAlive } from "../figures/totals.ts";

export const ORDERS = ["node", "load", "memory", "address"] as const;
export type Order = (typeof ORDERS)[number];

export interface Arrangement {
  readonly order: Order;
  /** Words; each must be the node's number, the begin or the end of its address, or the begin of its state. */
  readonly filter: string;
  readonly showsDead: boolean;
}

export function arrangeNodes(
  nodes: readonly NodeView[],
  { order, filter, showsDead }: Arrangement,
): NodeView[] {
  const words = filter.split(" ").filter((word) => word !== "");
  return nodes
    .filter((node) => showsDead || (node.state !== "dead" && node.state !== "left"))
    .filter((node) => words.every((word) => matches(node, word)))
    .sort((a, b) => COMPARE[order](a, b) || COMPARE.node(a, b));
}

function matches({ id, address, state, aliases }: NodeView, word: string): boolean {
  if (word === String(id) || state.startsWith(word)) return true;
  // Views of older releases have no aliases.
  return [address, ...(aliases ?? [])].some((each) => each.startsWith(word) || each.endsWith(`.${word}`));
}

const COMPARE: Readonly<Record<Order, (a: NodeView, b: NodeView) => number>> = {
  node: (a, b) => a.id - b.id || compareAddresses(a.address, b.address),
  load: (a, b) => busyOf(b) - busyOf(a),
  memory: (a, b) => memoryOf(b) - memoryOf(a),
  address: (a, b) => compareAddresses(a.address, b.address),
};

/** Dead nodes come last. */
function busyOf(node: NodeView): number {
  return isAlive(node) ? node.busy : -1;
}

/** Share of the memory in use. */
function memoryOf(node: NodeView): number {
  return isAlive(node) && node.memoryTotal > 0 ? 1 - node.memoryFree / node.memoryTotal : -1;
}

function compareAddresses(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const at = left.findIndex((octet, index) => octet !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
