/** What a node knows of all others: what it hears changes it where that is newer, or worse and well-founded. */

import { livesAfter } from "../../system/serial.ts";
import { AnsweredNodes } from "./answered-nodes.ts";
import { type Condition, isAlive, isWorse, type NodeEntry, silentEntry } from "./entry.ts";
import type { FailedProbe } from "./pending-probes.ts";
import { Rumours } from "./rumours.ts";
import { MOST_NODES, type Table } from "./table.ts";
import {
  broadcastTicks,
  CROWDED_FORGET_TICKS,
  FLEETING_TICKS,
  FORGET_TICKS,
  SILENT_TICKS,
  SUSPICION_TICKS,
  SWEEP_TICKS,
  suspicionMilliseconds,
} from "./timing.ts";
import { Window } from "./window.ts";

/** What a node says to several in one second is as good to all. */
const WORTH_TELLING_MILLISECONDS = 50;

export class Membership {
  readonly table: Table;
  readonly window: Window;
  /** Addresses. */
  readonly suspects = new Set<number>();
  readonly answered = new AnsweredNodes();
  readonly rumours = new Rumours(MOST_NODES);
  ticks = 0;
  /** Counts what others should hear of without delay: doubts, deaths, farewells, returns. */
  changes = 0;
  #others = 0;
  /** The tick in which room was last made in the table. */
  #roomMadeAt = 0;
  readonly #covers: (address: number) => boolean;

  /** `covers` tells whether a node may have an address. */
  constructor(table: Table, covers: (address: number) => boolean) {
    this.table = table;
    this.window = new Window(table);
    this.#covers = covers;
  }

  /** Nodes thought alive, the one that knows this with them. */
  get alive(): number {
    return this.#others + 1;
  }

  /** One second more: those who have not answered are suspected, and suspicions that stood long are deaths. */
  tick(now: number, failed: (ticks: number) => readonly FailedProbe[]): void {
    this.ticks++;
    for (const { address, sentAt } of failed(this.ticks)) {
      const slot = this.table.find(address);
      if (slot !== undefined) this.#doubt(slot, "suspect", sentAt);
    }
    for (const address of this.suspects) this.#judge(address, now);
    if (this.ticks % SWEEP_TICKS === 0) {
      this.#judgeSilent();
      this.#forget();
    }
  }

  /** Takes a node in that was found some other way; true where nothing is known of it, or nothing good. */
  discover(address: number, id: number, now: number): boolean {
    const slot = this.table.find(address);
    if (slot === undefined) {
      if (!this.#covers(address)) return false;
      this.#insert(silentEntry(address, id), now);
      return true;
    }
    // A node that does not gossip is heard of in no other way.
    if (this.table.beat(slot) === 0) {
      this.table.update(slot, silentEntry(address, id), now);
      this.#change(slot, "silent", now);
    }
    return this.table.condition(slot) !== "up";
  }

  /** A node has said goodbye by multicast. */
  farewell(address: number, now: number): void {
    const slot = this.table.find(address);
    if (slot === undefined || this.table.condition(slot) === "left") return;
    this.#change(slot, "left", now);
  }

  /** Takes in what the node `from` says of a node, or of itself. */
  hear(entry: NodeEntry, now: number, from: number): void {
    const slot = this.table.find(entry.address);
    if (entry.condition === "up") {
      if (!this.#isBelieved(slot, entry.address, from)) return;
      if (slot === undefined) this.#meet(entry, now);
      else this.#refresh(slot, entry, now);
    } else if (slot !== undefined && entry.condition !== "silent" && this.#livesOn(slot, entry) >= 0)
      this.#doubt(slot, entry.condition, now - entry.age);
  }

  /**
   * A node that was never up here is up by its own word, or where two nodes say so that have answered this node.
   */
  #isBelieved(slot: number | undefined, address: number, from: number): boolean {
    if (!this.#covers(address)) return false;
    const wasUp = slot !== undefined && (isAlive(this.table.condition(slot)) || this.table.beat(slot) > 0);
    if (wasUp) return true;
    if (address !== from && !(this.answered.has(from) && this.rumours.hear(address, from))) return false;
    this.rumours.drop(address);
    return true;
  }

  /**
   * The slot of a node of which the one that says this knows less. Of itself `asker` knows less where its clock began
   * again at the second of its last life.
   */
  knowsBetter(entry: NodeEntry, now: number, asker: number): number | undefined {
    const slot = this.table.find(entry.address);
    if (slot === undefined) return undefined;
    const lives = -this.#livesOn(slot, entry);
    if (lives !== 0) return lives > 0 ? slot : undefined;
    const said = now - entry.age;
    const isWorthTelling =
      entry.address === asker || this.table.producedAt(slot) > said + WORTH_TELLING_MILLISECONDS;
    const isNewer = this.table.beat(slot) > entry.beat && isWorthTelling;
    const isGone = this.isDoubted(slot) && isWorse(this.table.condition(slot), entry.condition);
    return isNewer || (isGone && this.table.evidence(slot) > said) ? slot : undefined;
  }

  isDoubted(slot: number): boolean {
    const condition = this.table.condition(slot);
    return condition !== "up" && condition !== "silent";
  }

  /**
   * Whether a dead node need not be shown any more: it was never proven, so that somebody may have made it up. It stays in
   * the table, or others that have not heard of its death would bring it back.
   */
  isFleeting(slot: number): boolean {
    if (this.table.condition(slot) !== "dead" || this.table.beat(slot) === 0) return false;
    const isProven = this.answered.isProven(this.table.address(slot));
    return !isProven && this.ticks - this.table.since(slot) >= FLEETING_TICKS;
  }

  /** The slots of nodes that came or went so lately that others may not have heard of it. */
  takeBroadcasts(most: number): number[] {
    return this.window.takeBroadcasts(this.ticks - broadcastTicks(this.alive), most);
  }

  /** Lives from the one that is known of a node to the one in an entry; of one that never spoke any is the next. */
  #livesOn(slot: number, { incarnation }: NodeEntry): number {
    return this.table.condition(slot) === "silent"
      ? 1
      : livesAfter(incarnation, this.table.incarnation(slot));
  }

  #meet(entry: NodeEntry, now: number): void {
    const slot = this.#insert(entry, now);
    if (slot === undefined) return;
    this.#others++;
    this.window.changed(slot);
    this.window.heard(slot);
  }

  /** Takes what a node has said where it is newer; it ends a doubt that is older. */
  #refresh(slot: number, entry: NodeEntry, now: number): void {
    const lives = this.#livesOn(slot, entry);
    if (lives < 0 || (lives === 0 && entry.beat <= this.table.beat(slot))) return;
    this.table.update(slot, entry, now);
    this.window.heard(slot);
    const isUp = this.table.condition(slot) === "up" && lives === 0;
    const produced = this.table.producedAt(slot);
    if (!isUp && (lives > 0 || produced > this.table.evidence(slot))) this.#change(slot, "up", produced);
  }

  /** A node was found silent at that time; whoever has heard from it since knows better. */
  #doubt(slot: number, condition: Condition, evidence: number): void {
    if (this.table.producedAt(slot) > evidence || this.table.condition(slot) === "silent") return;
    if (isWorse(condition, this.table.condition(slot))) this.#change(slot, condition, evidence);
  }

  #judge(address: number, now: number): void {
    const slot = this.table.find(address);
    if (slot === undefined || this.table.condition(slot) !== "suspect") this.suspects.delete(address);
    else if (this.ticks - this.table.since(slot) >= SUSPICION_TICKS) {
      const evidence = this.table.evidence(slot);
      if (now - evidence >= suspicionMilliseconds(this.alive)) this.#change(slot, "dead", evidence);
    }
  }

  /** A node that does not gossip answers when it is asked, as it is each minute. */
  #judgeSilent(): void {
    for (let slot = 0; slot < this.table.size; slot++) {
      const isLate = this.ticks - this.table.since(slot) >= SILENT_TICKS;
      if (isLate && this.table.condition(slot) === "silent")
        this.#change(slot, "dead", this.table.producedAt(slot));
    }
  }

  #change(slot: number, condition: Condition, evidence: number): void {
    const before = this.table.condition(slot);
    this.#others += Number(isAlive(condition)) - Number(isAlive(before));
    this.table.setCondition(slot, condition, { tick: this.ticks, evidence });
    // Of a node that does not gossip each node hears by multicast, and believes no other node.
    if (condition === "up" || (condition !== "silent" && before !== "silent")) {
      this.window.changed(slot);
      this.changes++;
    }
    const address = this.table.address(slot);
    if (condition === "suspect") this.suspects.add(address);
    else this.suspects.delete(address);
  }

  #insert(entry: NodeEntry, now: number): number | undefined {
    const slot = this.table.insert(entry, now, this.ticks);
    if (slot !== undefined || this.#roomMadeAt === this.ticks) return slot;
    // Once in a tick: a flood of made-up nodes must not cost more than it fills.
    this.#roomMadeAt = this.ticks;
    this.#keep((each) => this.answered.isProven(this.table.address(each)));
    return this.table.insert(entry, now, this.ticks);
  }

  /** Drops the nodes that are long gone, so that their places can be taken. */
  #forget(): void {
    const limit = this.table.isCrowded ? CROWDED_FORGET_TICKS : FORGET_TICKS;
    this.#keep((slot) => isAlive(this.table.condition(slot)) || this.ticks - this.table.since(slot) < limit);
  }

  #keep(isWanted: (slot: number) => boolean): void {
    this.table.keep((slot) => {
      if (isWanted(slot)) return true;
      this.#others -= Number(isAlive(this.table.condition(slot)));
      this.answered.delete(this.table.address(slot));
      return false;
    });
  }
}
