/** The cluster as one machine: what its living nodes have and do together. */

import { isAlive } from "../../cluster/gossip/entry.ts";
import type { NodeView } from "../../cluster/view.ts";

export interface Totals {
  readonly alive: number;
  readonly cpus: number;
  /** Share of all processors that is busy, 0 to 1. */
  readonly busy: number;
  /** Bytes. */
  readonly memoryFree: number;
  readonly memoryTotal: number;
}

export function totalsOf(nodes: readonly NodeView[]): Totals {
  const living = nodes.filter(({ state }) => isAlive(state));
  const sum = (amount: (node: NodeView) => number) => living.reduce((all, node) => all + amount(node), 0);
  const cpus = sum((node) => node.cpus);
  return {
    alive: living.length,
    cpus,
    busy: cpus === 0 ? 0 : sum((node) => node.busy * node.cpus) / cpus,
    memoryFree: sum((node) => node.memoryFree),
    memoryTotal: sum((node) => node.memoryTotal),
  };
}

/** Share of the memory that is in use, 0 to 1. */
export function memoryShare({ memoryFree, memoryTotal }: Pick<Totals, "memoryFree" | "memoryTotal">): number {
  return memoryTotal === 0 ? 0 : 1 - memoryFree / memoryTotal;
}
