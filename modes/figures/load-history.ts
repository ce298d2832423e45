/** What every node of the cluster has done since this began to look: shares of its processors, second by second. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { History } from "./history.ts";
import { isAlive, sumNodes } from "./totals.ts";

/** Values kept of each node, and of all together: the widest graphs there are of them. */
const REMEMBERED = { node: 240, total: 512 } as const;

/** Shares from 0 to 1, the oldest first. */
export interface Loads {
  /** At most so many of the node at that address. */
  of(address: string, most: number): readonly number[];
  /** At most so many of all that are alive, weighted by their processors. */
  total(most: number): readonly number[];
}

export class LoadHistory implements Loads {
  readonly #nodes = new Map<string, History>();
  readonly #total = new History(REMEMBERED.total);

  /** Takes the view of one second; a node that is not alive did nothing, and one that is no more is forgotten. */
  push(view: ClusterView | undefined): void {
    if (view === undefined) return;
    const gone = new Set(this.#nodes.keys());
    for (const node of view.nodes) {
      gone.delete(node.address);
      this.#historyOf(node).push(isAlive(node) ? node.busy : 0);
    }
    for (const address of gone) this.#nodes.delete(address);
    this.#total.push(sumNodes(view.nodes).busy);
  }

  of(address: string, most: number): readonly number[] {
    return this.#nodes.get(address)?.latest(most) ?? [];
  }

  total(most: number): readonly number[] {
    return this.#total.latest(most);
  }

  #historyOf({ address }: NodeView): History {
    const known = this.#nodes.get(address);
    if (known) return known;
    const history = new History(REMEMBERED.node);
    this.#nodes.set(address, history);
    return history;
  }
}
