/** The nodes one node knows, in arrays of a fixed size: no flood makes it larger. */

import { CONDITIONS, type Condition, ENTRY_BYTES, type NodeEntry, readEntry, writeEntry } from "./entry.ts";
import { oldestSlots } from "./oldest.ts";

/** Larger than any cluster of one local network. */
export const MOST_NODES = 16_384;
const FIRST_CAPACITY = 64;
const ABSENT = -1;
const UP = CONDITIONS.indexOf("up");

/** What the gossip wants of a table; a simulation has a smaller one. */
export type Table = Pick<NodeTable, keyof NodeTable>;

export class NodeTable {
  readonly #most: number;
  #capacity: number;
  #size = 0;
  #records: DataView;
  /** When the node said what is known, on the clock of the one that knows it. */
  #produced: Float64Array;
  #conditions: Uint8Array;
  /** When the condition became what it is, in ticks. */
  #since: Uint32Array;
  /** Of when the evidence for the condition is, on the same clock as `#produced`. */
  #evidence: Float64Array;
  /** Slots by address, open addressing, at most half full. */
  #index: Int32Array;

  constructor(most = MOST_NODES) {
    this.#most = most;
    this.#capacity = Math.min(FIRST_CAPACITY, most);
    this.#records = new DataView(new ArrayBuffer(this.#capacity * ENTRY_BYTES));
    this.#produced = new Float64Array(this.#capacity);
    this.#conditions = new Uint8Array(this.#capacity);
    this.#since = new Uint32Array(this.#capacity);
    this.#evidence = new Float64Array(this.#capacity);
    this.#index = new Int32Array(indexSize(this.#capacity)).fill(ABSENT);
  }

  get size(): number {
    return this.#size;
  }

  /** Whether more than half of its room is taken. */
  get isCrowded(): boolean {
    return this.#size > this.#most / 2;
  }

  /** The slot of an address, or nothing; slots are 0 to `size` - 1 and move only in `keep()`. */
  find(address: number): number | undefined {
    const slot = this.#index[this.#place(address)] ?? ABSENT;
    return slot === ABSENT ? undefined : slot;
  }

  /** Whether a node is known by what it has said itself, and not only by discovery. */
  knowsGossipOf(address: number): boolean {
    const slot = this.find(address);
    return slot !== undefined && this.beat(slot) > 0;
  }

  /** Takes a node in; nothing where the table is full. */
  insert(entry: NodeEntry, now: number, tick: number): number | undefined {
    if (this.#size === this.#capacity && !this.#grow()) return undefined;
    const slot = this.#size++;
    this.#index[this.#place(entry.address)] = slot;
    writeEntry(this.#records, slot * ENTRY_BYTES, entry);
    this.#produced[slot] = now - entry.age;
    this.setCondition(slot, entry.condition, { tick, evidence: now - entry.age });
    return slot;
  }

  /** Puts newer news of a node in the place of older. */
  update(slot: number, entry: NodeEntry, now: number): void {
    // An older node passes an entry on without what no node changes, which stays true all the same.
    const before = readEntry(this.#records, slot * ENTRY_BYTES);
    const [mac, processor] = [entry.mac || before.mac, entry.processor || before.processor];
    writeEntry(this.#records, slot * ENTRY_BYTES, { ...entry, mac, processor });
    this.#produced[slot] = Math.max(this.producedAt(slot), now - entry.age);
  }

  setCondition(slot: number, condition: Condition, at: { tick: number; evidence: number }): void {
    this.#conditions[slot] = CONDITIONS.indexOf(condition);
    this.#since[slot] = at.tick;
    this.#evidence[slot] = at.evidence;
  }

  condition(slot: number): Condition {
    return CONDITIONS[this.#conditions[slot] ?? 0] ?? "silent";
  }

  since(slot: number): number {
    return this.#since[slot] ?? 0;
  }

  evidence(slot: number): number {
    return this.#evidence[slot] ?? 0;
  }

  producedAt(slot: number): number {
    return this.#produced[slot] ?? 0;
  }

  /** The slots of the living nodes that spoke longest ago, those first. */
  oldest(most: number): number[] {
    const isUp = (slot: number) => this.#conditions[slot] === UP;
    return oldestSlots(this.#produced, { size: this.#size, most, isUp });
  }

  address(slot: number): number {
    return this.#records.getUint32(slot * ENTRY_BYTES);
  }

  incarnation(slot: number): number {
    return this.#records.getUint32(slot * ENTRY_BYTES + 8);
  }

  beat(slot: number): number {
    return this.#records.getUint32(slot * ENTRY_BYTES + 12);
  }

  /** What is known of a node, as it is told to others: of one in doubt the age is that of the evidence. */
  told(slot: number, now: number): NodeEntry {
    const entry = this.entry(slot, now);
    return entry.condition === "up" ? entry : { ...entry, age: Math.max(now - this.evidence(slot), 0) };
  }

  entry(slot: number, now: number): NodeEntry {
    const entry = readEntry(this.#records, slot * ENTRY_BYTES);
    return { ...entry, condition: this.condition(slot), age: Math.max(now - this.producedAt(slot), 0) };
  }

  /** Drops every node that is not wanted any more; slots move. */
  keep(wanted: (slot: number) => boolean): void {
    const bytes = new Uint8Array(this.#records.buffer);
    let kept = 0;
    for (let slot = 0; slot < this.#size; slot++) {
      if (!wanted(slot)) continue;
      bytes.copyWithin(kept * ENTRY_BYTES, slot * ENTRY_BYTES, (slot + 1) * ENTRY_BYTES);
      this.#produced.copyWithin(kept, slot, slot + 1);
      this.#conditions.copyWithin(kept, slot, slot + 1);
      this.#since.copyWithin(kept, slot, slot + 1);
      this.#evidence.copyWithin(kept, slot, slot + 1);
      kept++;
    }
    if (kept === this.#size) return;
    this.#size = kept;
    this.#reindex();
  }

  #grow(): boolean {
    if (this.#capacity >= this.#most) return false;
    this.#capacity = Math.min(2 * this.#capacity, this.#most);
    const records = new Uint8Array(this.#capacity * ENTRY_BYTES);
    records.set(new Uint8Array(this.#records.buffer));
    this.#records = new DataView(records.buffer);
    this.#produced = copied(new Float64Array(this.#capacity), this.#produced);
    this.#conditions = copied(new Uint8Array(this.#capacity), this.#conditions);
    this.#since = copied(new Uint32Array(this.#capacity), this.#since);
    this.#evidence = copied(new Float64Array(this.#capacity), this.#evidence);
    this.#index = new Int32Array(indexSize(this.#capacity));
    this.#reindex();
    return true;
  }

  #reindex(): void {
    this.#index.fill(ABSENT);
    for (let slot = 0; slot < this.#size; slot++) this.#index[this.#place(this.address(slot))] = slot;
  }

  /** Where an address is in the index, or where it would go. */
  #place(address: number): number {
    const mask = this.#index.length - 1;
    // Neighbouring addresses must not fill neighbouring places: Knuth's multiplicative hash.
    let place = (Math.imul(address, 0x9e3779b1) >>> 8) & mask;
    for (;;) {
      const slot = this.#index[place] ?? ABSENT;
      if (slot === ABSENT || this.address(slot) === address) return place;
      place = (place + 1) & mask;
    }
  }
}

/** The power of two that is at least twice the capacity. */
function indexSize(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(2 * capacity));
}

function copied<A extends Float64Array | Uint8Array | Uint32Array>(larger: A, smaller: A): A {
  larger.set(smaller);
  return larger;
}
