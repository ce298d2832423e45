/** The totals of a cluster. */

import { isAlive as isAliveIn } from "../../cluster/gossip/entry.ts";
import type { NodeView } from "../../cluster/view.ts";
import { formatMemory, formatShare } from "../../system/amounts.ts";

export interface Totals {
  readonly cpus: number;
  /** Share of all processors that is busy, 0 to 1. */
  readonly busy: number;
  /** Mean of the nodes; 1.00 is one process on each standard processor. */
  readonly load: number;
  /** Bytes. */
  readonly memoryUsed: number;
  readonly memoryTotal: number;
}

/** Whether a node's last report still holds. */
export function isAlive({ state }: Pick<NodeView, "state">): boolean {
  return isAliveIn(state);
}

/** The share of a node that is busy: a dead node is idle, and of a silent node it is not known. */
export function busyOf({ state, busy }: Pick<NodeView, "state" | "busy">): number | undefined {
  if (isAliveIn(state)) return busy;
  return state === "silent" ? undefined : 0;
}

/** Sums up the living nodes. */
export function sumNodes(nodes: readonly NodeView[]): Totals {
  let [cpus, busy, load, memoryUsed, memoryTotal, alive] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    if (!isAlive(node)) continue;
    alive++;
    cpus += node.cpus;
    busy += node.busy * node.cpus;
    load += node.load;
    memoryUsed += node.memoryTotal - node.memoryFree;
    memoryTotal += node.memoryTotal;
  }
  return {
    cpus,
    busy: cpus > 0 ? busy / cpus : 0,
    load: alive > 0 ? load / alive : 0,
    memoryUsed,
    memoryTotal,
  };
}

/** The share of the memory that is in use, 0 to 1. */
export function memoryShare({ memoryUsed, memoryTotal }: Pick<Totals, "memoryUsed" | "memoryTotal">): number {
  return memoryTotal > 0 ? memoryUsed / memoryTotal : 0;
}

/** "37 % of 1016 CPUs, load 0.41, memory 81.0 of 225.0 GB". */
export function describeTotals(totals: Totals): string {
  const { busy, cpus, load, memoryUsed, memoryTotal } = totals;
  if (cpus === 0) return "not known, for no node is up";
  const share = `${formatShare(busy)} of ${cpus} ${cpus === 1 ? "CPU" : "CPUs"}`;
  return `${share}, load ${load.toFixed(2)}, memory ${formatMemory(memoryUsed, memoryTotal)}`;
}

/** "3 nodes, 2 up, 1 dead, open cluster". */
export function describeCluster({
  nodes,
  isOpen,
}: {
  readonly nodes: readonly NodeView[];
  readonly isOpen: boolean;
}): string {
  const states = (["up", "silent", "suspect", "dead", "left"] as const).flatMap((state) => {
    const count = nodes.filter((node) => node.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  const all = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
  return [all, ...states, ...(isOpen ? ["open cluster"] : [])].join(", ");
}
