/** The last ten minutes of the cluster and of each node, for pages that are opened later. */

import { isAlive } from "../../cluster/gossip/entry.ts";
import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { History } from "../figures/history.ts";
import { memoryShare, sumNodes } from "../figures/totals.ts";

/** Samples of the cluster, one a second. */
const CLUSTER_SAMPLES = 600;
/** Samples of each node, one every NODE_EVERY seconds. */
const NODE_SAMPLES = 60;
export const NODE_EVERY = 10;
/** Nodes with a history of their own; a page shows only the current state of any other node. */
const MOST_NODES = 1_024;

export interface HistorySeries {
  /** Thousandths, oldest first, one a second. */
  readonly busy: readonly number[];
  readonly memory: readonly number[];
  /** Thousandths by address, oldest first, one every `nodeEvery` seconds. */
  readonly nodes: Readonly<Record<string, readonly number[]>>;
  readonly nodeEvery: number;
}

export class ClusterHistory {
  readonly #busy = new History(CLUSTER_SAMPLES);
  readonly #memory = new History(CLUSTER_SAMPLES);
  readonly #nodes = new Map<string, History>();
  #ticks = 0;

  /** Takes one sample; the caller does so once a second. */
  push(view: ClusterView): void {
    const totals = sumNodes(view.nodes);
    this.#busy.push(thousandths(totals.busy));
    this.#memory.push(thousandths(memoryShare(totals)));
    if (this.#ticks++ % NODE_EVERY === 0) this.#pushNodes(view.nodes);
  }

  series(): HistorySeries {
    return {
      busy: this.#busy.latest(CLUSTER_SAMPLES),
      memory: this.#memory.latest(CLUSTER_SAMPLES),
      nodes: Object.fromEntries(
        [...this.#nodes].map(([address, history]) => [address, history.latest(NODE_SAMPLES)]),
      ),
      nodeEvery: NODE_EVERY,
    };
  }

  #pushNodes(nodes: readonly NodeView[]): void {
    const known = new Set(nodes.map(({ address }) => address));
    for (const address of this.#nodes.keys()) if (!known.has(address)) this.#nodes.delete(address);
    for (const { address, busy, state } of nodes) {
      const history = this.#nodes.get(address) ?? this.#add(address);
      history?.push(isAlive(state) ? thousandths(busy) : 0);
    }
  }

  #add(address: string): History | undefined {
    if (this.#nodes.size >= MOST_NODES) return undefined;
    const history = new History(NODE_SAMPLES);
    this.#nodes.set(address, history);
    return history;
  }
}

/** A thousandth is finer than a pixel of any graph, and a short text in JSON. */
function thousandths(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * 1_000);
}
