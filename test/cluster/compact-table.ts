/**
 * The table of a simulated node in 7 bytes for each other: ten thousand tables of ten thousand are 0.7 GB. All nodes
 * are alike but in address and number, times are whole milliseconds, and slots are in the order of addresses.
 */

import { CONDITIONS, type Condition, type NodeEntry } from "../../cluster/gossip/entry.ts";
import type { OwnFacts } from "../../cluster/gossip/gossip.ts";
import { oldestSlots } from "../../cluster/gossip/oldest.ts";
import type { Table } from "../../cluster/gossip/table.ts";

export interface CompactTableOptions {
  /** Nodes of the cluster, the one whose table this is with them. */
  readonly count: number;
  readonly first: number;
  readonly own: number;
  readonly facts: OwnFacts;
}

export class CompactTable implements Table {
  readonly isCrowded = false;
  size = 0;
  readonly #options: CompactTableOptions;
  readonly #produced: Uint32Array;
  readonly #beats: Uint16Array;
  readonly #conditions: Uint8Array;
  readonly #changes = new Map<number, { readonly tick: number; readonly evidence: number }>();
  /** Of all that have not begun a life since. */
  #incarnation = 0;
  readonly #incarnations = new Map<number, number>();

  constructor(options: CompactTableOptions) {
    this.#options = options;
    this.#produced = new Uint32Array(options.count - 1);
    this.#beats = new Uint16Array(options.count - 1);
    this.#conditions = new Uint8Array(options.count - 1);
  }

  find(address: number): number | undefined {
    const { first, own } = this.#options;
    if (address === own) return undefined;
    const slot = address - first - (address > own ? 1 : 0);
    return slot < this.size ? slot : undefined;
  }

  knowsGossipOf(address: number): boolean {
    return this.find(address) !== undefined;
  }

  insert(entry: NodeEntry, now: number, tick: number): number {
    const slot = this.size++;
    if (this.address(slot) !== entry.address) {
      throw new RangeError("Cannot insert a node: the next by address was wanted");
    }
    this.#incarnation = entry.incarnation;
    this.update(slot, entry, now);
    this.setCondition(slot, entry.condition, { tick, evidence: now - entry.age });
    return slot;
  }

  update(slot: number, { age, beat, incarnation }: NodeEntry, now: number): void {
    this.#beats[slot] = beat;
    this.#produced[slot] = Math.max(this.producedAt(slot), now - age);
    if (incarnation !== this.incarnation(slot)) this.#incarnations.set(slot, incarnation);
  }

  setCondition(slot: number, condition: Condition, at: { tick: number; evidence: number }): void {
    this.#conditions[slot] = CONDITIONS.indexOf(condition);
    if (at.tick > 0) this.#changes.set(slot, at);
  }

  condition(slot: number): Condition {
    return CONDITIONS[this.#conditions[slot] ?? 0] ?? "silent";
  }

  since(slot: number): number {
    return this.#changes.get(slot)?.tick ?? 0;
  }

  evidence(slot: number): number {
    return this.#changes.get(slot)?.evidence ?? 0;
  }

  producedAt(slot: number): number {
    return this.#produced[slot] ?? 0;
  }

  oldest(most: number): number[] {
    const isUp = (slot: number) => this.condition(slot) === "up";
    return oldestSlots(this.#produced, { size: this.size, most, isUp });
  }

  address(slot: number): number {
    const address = this.#options.first + slot;
    return address < this.#options.own ? address : address + 1;
  }

  incarnation(slot: number): number {
    return this.#incarnations.get(slot) ?? this.#incarnation;
  }

  beat(slot: number): number {
    return this.#beats[slot] ?? 0;
  }

  told(slot: number, now: number): NodeEntry {
    const entry = this.entry(slot, now);
    return entry.condition === "up" ? entry : { ...entry, age: Math.max(now - this.evidence(slot), 0) };
  }

  entry(slot: number, now: number): NodeEntry {
    const address = this.address(slot);
    return {
      ...this.#options.facts,
      address,
      id: address & 0xffff,
      incarnation: this.incarnation(slot),
      beat: this.beat(slot),
      condition: this.condition(slot),
      age: Math.max(now - this.producedAt(slot), 0),
    };
  }

  /** Nobody is forgotten: no simulation lasts as long. */
  keep(): void {}
}
