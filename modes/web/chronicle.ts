/** What the graphs show to whoever comes later: the last ten minutes of the cluster and of each node. */

import { isAlive } from "../../cluster/gossip/entry.ts";
import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { History } from "../figures/history.ts";
import { memoryShare, sumNodes } from "../figures/totals.ts";

/** Readings of the cluster, one a second. */
const REMEMBERED = 600;
/** Readings of each node, and how many seconds are between two of them. */
const NODE_REMEMBERED = 60;
export const NODE_EVERY = 10;
/** Nodes with a history of their own; of others there is the present alone. */
const MOST_NODES = 1_024;

export interface Past {
  /** Thousandths, oldest first, one a second. */
  readonly busy: readonly number[];
  readonly memory: readonly number[];
  /** Thousandths by address, oldest first, one every `nodeEvery` seconds. */
  readonly nodes: Readonly<Record<string, readonly number[]>>;
  readonly nodeEvery: number;
}

export class Chronicle {
  readonly #busy = new History(REMEMBERED);
  readonly #memory = new History(REMEMBERED);
  readonly #nodes = new Map<string, History>();
  #ticks = 0;

  /** Takes in how the cluster is; to be called once a second. */
  note(view: ClusterView): void {
    const totals = sumNodes(view.nodes);
    this.#busy.push(thousandths(totals.busy));
    this.#memory.push(thousandths(memoryShare(totals)));
    if (this.#ticks++ % NODE_EVERY === 0) this.#noteNodes(view.nodes);
  }

  past(): Past {
    return {
      busy: this.#busy.latest(REMEMBERED),
      memory: this.#memory.latest(REMEMBERED),
      nodes: Object.fromEntries(
        [...this.#nodes].map(([address, history]) => [address, history.latest(NODE_REMEMBERED)]),
      ),
      nodeEvery: NODE_EVERY,
    };
  }

  #noteNodes(nodes: readonly NodeView[]): void {
    const known = new Set(nodes.map(({ address }) => address));
    for (const address of this.#nodes.keys()) if (!known.has(address)) this.#nodes.delete(address);
    for (const { address, busy, state } of nodes) {
      const history = this.#nodes.get(address) ?? this.#begin(address);
      history?.push(isAlive(state) ? thousandths(busy) : 0);
    }
  }

  #begin(address: string): History | undefined {
    if (this.#nodes.size >= MOST_NODES) return undefined;
    const history = new History(NODE_REMEMBERED);
    this.#nodes.set(address, history);
    return history;
  }
}

/** Finer than any graph, and short to send. */
function thousandths(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * 1_000);
}
