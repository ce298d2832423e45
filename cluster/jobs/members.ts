/** The nodes of the cluster as jobs need them: who has which number, and who is dead. */

import { statSync } from "node:fs";
import { PATHS } from "../../system/state/paths.ts";
import { uptime } from "../../system/uptime.ts";
import { type Condition, STATUS } from "../gossip/entry.ts";
import { type ClusterView, type NodeView, readView } from "../view.ts";
import { viewAsOf } from "../view-age.ts";

export class Members {
  readonly #root: string;
  #written = "";
  #view: ClusterView | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** This node; `undefined` while it takes part in no cluster. */
  get own(): NodeView | undefined {
    return this.#read()?.nodes.find(({ isSelf }) => isSelf);
  }

  /** Dotted decimal; `undefined` for an address that no node of the cluster has. */
  at(address: string): NodeView | undefined {
    return this.#read()?.nodes.find((node) => node.address === address || node.aliases.includes(address));
  }

  /** How that node is; `undefined` where nothing is known of it. */
  conditionOf(address: string): Condition | undefined {
    return this.at(address)?.state;
  }

  /** Whether the cluster takes that node for dead, or it has left. */
  isGone(address: string): boolean {
    const condition = this.conditionOf(address);
    return condition === "dead" || condition === "left";
  }

  /** The other nodes that take guests, the one with the most free memory first. */
  get hosts(): NodeView[] {
    const nodes = this.#read()?.nodes ?? [];
    return nodes
      .filter(({ isSelf, state, status }) => !isSelf && state === "up" && (status & STATUS.block) === 0)
      .sort((one, other) => other.memoryFree - one.memoryFree);
  }

  /** The living node with that number or address, and this one for "home". @throws Error that says why there is none */
  find(word: string): NodeView {
    const seen = this.#read();
    if (seen === undefined) throw new Error("this node takes part in no cluster yet");
    const view = viewAsOf(seen, uptime());
    if (view !== seen) throw new Error(view.problems[0]);
    const { nodes } = view;
    const own = nodes.find(({ isSelf }) => isSelf);
    if (word === "home" && own !== undefined) return own;
    const isNumber = /^\d{1,5}$/.test(word);
    if (!isNumber && !/^\d+\.\d+\.\d+\.\d+$/.test(word))
      throw new Error(`"${word}" is no node: a node number, an address or home was wanted`);
    const claimants = nodes.filter(({ id, address }) =>
      isNumber ? id === Number(word) && id > 0 : address === word,
    );
    const living = claimants.filter(({ state }) => state === "up" || state === "suspect");
    if (living.length > 1)
      throw new Error(`node #${word} is claimed by ${living.map(({ address }) => address).join(" and ")}`);
    if (living[0] !== undefined) return living[0];
    const [gone] = claimants;
    throw new Error(
      gone === undefined ? `Node #${word} is not configured` : `node ${word} is ${CONDITIONS[gone.state]}`,
    );
  }

  /** The view is a file that clumpd replaces; it is parsed when it has changed. */
  #read(): ClusterView | undefined {
    const stat = statSync(this.#root + PATHS.view, { throwIfNoEntry: false, bigint: true });
    const written = stat === undefined ? "" : `${stat.ino} ${stat.mtimeNs}`;
    if (written !== this.#written) {
      this.#written = written;
      this.#view = readView(this.#root);
    }
    return this.#view;
  }
}

/** What a node lacks for a process of that many bytes; `undefined` where it has room. */
export function findLack(memory: number, { id, memoryFree }: NodeView): string | undefined {
  // A node whose memory is not known has NaN.
  if (!(memoryFree < memory)) return undefined;
  const [needed, free] = [memory, memoryFree].map((bytes) => Math.round(bytes / 2 ** 20));
  return `it has ${needed} MB in memory, and node ${id} has ${free} MB free`;
}

const CONDITIONS: Readonly<Record<Condition, string>> = {
  silent: "silent: it is no node of this release",
  up: "up",
  suspect: "suspected to be dead",
  dead: "dead",
  left: "gone: it has left the cluster",
};
