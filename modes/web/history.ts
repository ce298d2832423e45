/** The last ten minutes of the cluster and of each node, for pages that are opened later. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { History } from "../figures/history.ts";
import { busyOf, memoryShare, sumNodes } from "../figures/totals.ts";

/** Samples of the cluster, one a second. */
const CLUSTER_SAMPLES = 600;
/** Samples of each node, one every NODE_EVERY seconds. */
const NODE_SAMPLES = 60;
export const NODE_EVERY = 10;
/** Nodes with a history of their own; a page shows only the current state of any other node. */
const MOST_NODES = 1_024;

/** Oldest first; `undefined`, in JSON null, where a share was not known. */
export type Thousandths = readonly (number | undefined)[];

export interface HistorySeries {
  /** One a second. */
  readonly busy: Thousandths;
  readonly memory: Thousandths;
  /** By address, one every `nodeEvery` seconds. */
  readonly nodes: Readonly<Record<string, Thousandths>>;
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
    const isKnown = totals.cpus > 0;
    this.#busy.push(isKnown ? thousandths(totals.busy) : undefined);
    this.#memory.push(isKnown ? thousandths(memoryShare(totals)) : undefined);
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
    for (const node of nodes) {
      const history = this.#nodes.get(node.address) ?? this.#add(node.address);
      const busy = busyOf(node);
      history?.push(busy === undefined ? undefined : thousandths(busy));
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
