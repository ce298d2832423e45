/** The window of the gossip: what of all a node knows goes into its next message. */

import { Recent } from "./recent.ts";
import type { NodeTable } from "./table.ts";

/** The freshest entries are among those heard last. */
const RECENT = 192;

export class Window {
  readonly #table: NodeTable;
  readonly #heard = new Recent(RECENT);
  readonly #changed = new Recent(RECENT);

  constructor(table: NodeTable) {
    this.#table = table;
  }

  /** Something newer was heard of a node. */
  heard(slot: number): void {
    this.#heard.touch(slot);
  }

  /** A node came, went, or came back. */
  changed(slot: number): void {
    this.#changed.touch(slot);
  }

  /** Slots of the table have moved. */
  clear(): void {
    this.#heard.clear();
    this.#changed.clear();
  }

  /** The nodes whose condition changed after that tick, the latest first. */
  latestNews(after: number, most: number): number[] {
    const since = (slot: number) => this.#table.since(slot);
    const slots = this.#changed.slots().filter((slot) => since(slot) > after);
    return slots.sort((a, b) => since(b) - since(a)).slice(0, most);
  }

  /** The living nodes whose entries are the freshest, those first. */
  freshest(most: number): number[] {
    const at = (slot: number) => this.#table.producedAt(slot);
    const slots = this.#heard.slots().filter((slot) => this.#table.condition(slot) === "up");
    return slots.sort((a, b) => at(b) - at(a)).slice(0, most);
  }
}
