/** The hardware addresses of all nodes that were ever heard: a node that is off has long left the gossip. */

import { macNumber } from "../../system/address/mac.ts";
import { isAlive } from "../gossip/entry.ts";
import type { NodeView } from "../view.ts";

/** One node as it was last heard. */
export interface Sleeper {
  readonly id: number;
  readonly address: string;
  /** Hardware address. */
  readonly mac: number;
}

export class HardwareAddresses {
  readonly #most: number;
  /** By IPv4 address. */
  readonly #nodes = new Map<string, Sleeper & { readonly isUp: boolean }>();

  constructor(most: number) {
    this.#most = most;
  }

  remember(nodes: readonly NodeView[]): void {
    const heard = new Set(nodes.map(({ address }) => address));
    for (const node of this.#nodes.values())
      if (!heard.has(node.address)) this.#nodes.set(node.address, { ...node, isUp: false });
    for (const { id, address, mac = "", state } of nodes) {
      const known = this.#nodes.get(address);
      const number = macNumber(mac) || known?.mac;
      if (number !== undefined && (known !== undefined || this.#nodes.size < this.#most))
        this.#nodes.set(address, { id, address, mac: number, isUp: isAlive(state) });
    }
  }

  /** The nodes with that number, up or not: one that hangs may be thought up. "all" is every node that is not up. */
  find(which: number | "all"): Sleeper[] {
    return [...this.#nodes.values()].filter(({ id, isUp }) => (which === "all" ? !isUp : id === which));
  }
}
