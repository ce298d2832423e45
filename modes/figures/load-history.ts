/** The load of every node, second by second, since this program started. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { History, type Shares } from "./history.ts";
import { busyOf, sumNodes } from "./totals.ts";

/** Values kept of each node and of the total: the widths of their widest graphs. */
const REMEMBERED = { node: 240, total: 512 } as const;

export interface Loads {
  /** At most `most` values of the node at that address. */
  of(address: string, most: number): Shares;
  /** At most `most` values of all living nodes together, weighted by their processors. */
  total(most: number): Shares;
}

export class LoadHistory implements Loads {
  readonly #nodes = new Map<string, History>();
  readonly #total = new History(REMEMBERED.total);

  /** Takes the view of one second; a node that is gone is forgotten. */
  push(view: ClusterView | undefined): void {
    if (view === undefined) return;
    const gone = new Set(this.#nodes.keys());
    for (const node of view.nodes) {
      gone.delete(node.address);
      this.#historyOf(node).push(busyOf(node));
    }
    for (const address of gone) this.#nodes.delete(address);
    const { cpus, busy } = sumNodes(view.nodes);
    this.#total.push(cpus > 0 ? busy : undefined);
  }

  of(address: string, most: number): Shares {
    return this.#nodes.get(address)?.latest(most) ?? [];
  }

  total(most: number): Shares {
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
