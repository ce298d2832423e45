/** The window of the gossip: what of all a node knows goes into its next message. */

import { BroadcastQueue } from "./broadcast-queue.ts";
import { Recent } from "./recent.ts";
import type { Table } from "./table.ts";

/** The freshest entries are among those heard last. */
const RECENT = 128;

export class Window {
  readonly #table: Table;
  readonly #heard = new Recent(RECENT);
  readonly #broadcasts = new BroadcastQueue(RECENT);

  constructor(table: Table) {
    this.#table = table;
  }

  /** Something newer was heard of a node. */
  heard(slot: number): void {
    this.#heard.touch(this.#table.address(slot));
  }

  /** A node came, went, or came back. */
  changed(slot: number): void {
    this.#broadcasts.add(this.#table.address(slot));
  }

  /** Nodes whose condition changed after that tick, which is never before the last one asked for; they are told now. */
  takeBroadcasts(after: number, most: number): number[] {
    const isLate = (slot: number | undefined) => slot !== undefined && this.#table.since(slot) > after;
    this.#broadcasts.dropUntil((address) => isLate(this.#table.find(address)));
    return this.#slots(this.#broadcasts.take(most));
  }

  /** The living nodes of which nothing was heard for longest, those first. */
  oldest(most: number): number[] {
    return this.#table.oldest(most);
  }

  /** The living nodes whose entries are the freshest, those first. */
  freshest(most: number): number[] {
    const at = (slot: number) => this.#table.producedAt(slot);
    const slots = this.#slots(this.#heard.addresses()).filter((slot) => this.#table.condition(slot) === "up");
    return slots.sort((a, b) => at(b) - at(a)).slice(0, most);
  }

  /** The slots of those addresses that are still in the table; slots move, addresses do not. */
  #slots(addresses: readonly number[]): number[] {
    return addresses.flatMap((address) => this.#table.find(address) ?? []);
  }
}
