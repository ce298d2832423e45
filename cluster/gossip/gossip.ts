/**
 * The load gossip of MOSIX (Barak 2001; Amar and others, CCPE 21, 2009, 1907): once a second one message to one
 * node, with the sender's own entry and a window of the freshest it has, each with its age. Whoever is asked
 * answers at once; whoever does not is suspected, and dead when nothing newer of it goes round.
 * Pure: time and randomness come in, messages go out; the simulation runs this very code.
 */

import { type Condition, isAlive, isWorse, type NodeEntry, silentEntry } from "./entry.ts";
import type { GossipMessage } from "./packet.ts";
import { choosePartner, drawOne } from "./partner.ts";
import { NodeTable } from "./table.ts";
import { ANSWER_TICKS, CROWDED_FORGET_TICKS, FORGET_TICKS, newsTicks, suspicionTicks } from "./timing.ts";
import { Window } from "./window.ts";

/** What a node says of itself, beside what the gossip knows. */
export type OwnFacts = Omit<NodeEntry, "address" | "incarnation" | "beat" | "age" | "condition">;

export interface Letter {
  readonly to: number;
  readonly message: GossipMessage;
}

export interface GossipOptions {
  readonly address: number;
  readonly incarnation: number;
  readonly own: OwnFacts;
  /** Entries in one message, the own one with them. */
  readonly window: number;
  readonly random: () => number;
  readonly mostNodes?: number;
}

/** Entries in an answer: it says "alive", and what is new. */
const ANSWER_ENTRIES = 9;
export class Gossip {
  readonly table: NodeTable;
  readonly address: number;
  incarnation: number;
  /** What it says of itself from the next message on. */
  own: OwnFacts;
  readonly #most: number;
  readonly #window: Window;
  readonly #random: () => number;
  /** Who was asked, and when: at which tick, and by the clock. */
  readonly #asked = new Map<number, { readonly tick: number; readonly at: number }>();
  readonly #suspects = new Set<number>();
  #beat = 0;
  #ticks = 0;
  #alive = 0;
  #hasLeft = false;

  constructor({ address, incarnation, own, window, random, mostNodes }: GossipOptions) {
    this.address = address;
    this.incarnation = incarnation;
    this.own = own;
    this.table = new NodeTable(mostNodes);
    this.#window = new Window(this.table);
    this.#most = window;
    this.#random = random;
  }

  /** Nodes thought alive, this one with them. */
  get alive(): number {
    return this.#alive + 1;
  }

  /** The next number of what this node sends; a seal carries it too. */
  nextBeat(): number {
    return ++this.#beat;
  }

  /** Once a second: judges those who have not answered, and gives the message of this second. */
  tick(now: number, { speaks = true } = {}): Letter | undefined {
    this.#ticks++;
    for (const [address, { tick, at }] of this.#asked) {
      if (this.#ticks - tick < ANSWER_TICKS) continue;
      this.#asked.delete(address);
      const slot = this.table.find(address);
      if (slot !== undefined) this.#doubt(slot, "suspect", at);
    }
    for (const address of this.#suspects) this.#judge(address);
    if (this.#ticks % 60 === 0) this.#forget();
    const slot = speaks ? this.#choose() : undefined;
    return slot === undefined ? undefined : this.#ask(this.table.address(slot), now, this.#ticks);
  }

  /** A message to that node, out of turn. */
  ask(to: number, now: number): Letter {
    return this.#ask(to, now, this.#ticks + 1);
  }

  #ask(to: number, now: number, tick: number): Letter {
    if (!this.#asked.has(to)) this.#asked.set(to, { tick, at: now });
    return { to, message: this.#compose(to, now, { most: this.#most, wantsAnswer: true }) };
  }

  /** What this node says of itself to all at once, when it comes. */
  introduce(now: number): GossipMessage {
    return this.#compose(this.address, now, { most: 1, wantsAnswer: false });
  }

  /** Takes a message in, whose first entry is its sender's; gives the answer where one is wanted. */
  receive({ wantsAnswer, entries }: GossipMessage, now: number): Letter | undefined {
    for (const entry of entries) this.#merge(entry, now);
    const sender = entries[0]?.address;
    if (sender === undefined || sender === this.address) return undefined;
    this.#asked.delete(sender);
    if (!wantsAnswer || this.#hasLeft) return undefined;
    return { to: sender, message: this.#compose(sender, now, { most: ANSWER_ENTRIES, wantsAnswer: false }) };
  }

  /** Takes a node in that was found some other way; true where nothing is known of it, or nothing good. */
  discover(address: number, id: number, now: number): boolean {
    if (address === this.address) return false;
    const slot = this.table.find(address);
    if (slot !== undefined) {
      // One that does not gossip is heard of in no other way.
      if (this.table.beat(slot) === 0) this.#change(slot, "silent", now);
      return this.table.condition(slot) !== "up";
    }
    this.table.insert(silentEntry(address, id), now, this.#ticks);
    return true;
  }

  /** A node has said goodbye by multicast. */
  farewell(address: number, now: number): void {
    const slot = this.table.find(address);
    if (slot === undefined || this.table.condition(slot) === "left") return;
    this.#change(slot, "left", now);
  }

  /** Goodbye: the messages that say so to some nodes, which pass it on. */
  leave(now: number, most: number): Letter[] {
    this.#hasLeft = true;
    const slots = Array.from({ length: this.table.size }, (_, slot) => slot);
    const up = slots.filter((slot) => this.table.condition(slot) === "up");
    return up.slice(0, most).map((slot) => {
      const to = this.table.address(slot);
      return { to, message: this.#compose(to, now, { most: 1, wantsAnswer: false }) };
    });
  }

  #judge(address: number): void {
    const slot = this.table.find(address);
    if (slot === undefined || this.table.condition(slot) !== "suspect") this.#suspects.delete(address);
    else if (this.#ticks - this.table.since(slot) >= suspicionTicks(this.alive)) {
      this.#change(slot, "dead", this.table.evidence(slot));
    }
  }

  /** Drops those that are long gone, so that their places can be taken. */
  #forget(): void {
    const before = this.table.size;
    const limit = this.table.isCrowded ? CROWDED_FORGET_TICKS : FORGET_TICKS;
    this.table.keep((slot) => {
      const isGone = ["dead", "left", "silent"].includes(this.table.condition(slot));
      return !isGone || this.#ticks - this.table.since(slot) < limit;
    });
    if (this.table.size !== before) this.#window.clear();
  }

  /** Every second message goes to a suspect, if there is one. */
  #choose(): number | undefined {
    if (this.#suspects.size === 0 || this.#ticks % 2 !== 0) {
      return choosePartner(this.table, { alive: this.alive, random: this.#random });
    }
    return this.table.find(drawOne([...this.#suspects], this.#random));
  }

  #compose(
    to: number,
    now: number,
    { most, wantsAnswer }: { most: number; wantsAnswer: boolean },
  ): GossipMessage {
    const own: NodeEntry = {
      ...this.own,
      address: this.address,
      incarnation: this.incarnation,
      beat: this.nextBeat(),
      age: 0,
      condition: this.#hasLeft ? "left" : "up",
    };
    const receiver = this.table.find(to);
    // Who is thought dead is told so, and denies it.
    const about = receiver !== undefined && this.#isDoubted(receiver) ? [receiver] : [];
    const news = this.#window.latestNews(this.#ticks - newsTicks(this.alive), Math.ceil((most - 1) / 2));
    const fresh = most === ANSWER_ENTRIES ? [] : this.#window.freshest(most);
    const slots = [...new Set([...about, ...news, ...fresh])].slice(0, most - 1);
    return { wantsAnswer, entries: [own, ...slots.map((slot) => this.table.told(slot, now))] };
  }

  #isDoubted(slot: number): boolean {
    const condition = this.table.condition(slot);
    return condition !== "up" && condition !== "silent";
  }

  #merge(entry: NodeEntry, now: number): void {
    if (entry.address === this.address) this.#hearOfSelf(entry);
    else if (entry.condition !== "silent") this.#hearOf(entry, now);
  }

  /** Somebody remembers a later life of this node: its clock went back, and it takes a life after that one. */
  #hearOfSelf({ incarnation, beat }: NodeEntry): void {
    const isLater = incarnation > this.incarnation || (incarnation === this.incarnation && beat > this.#beat);
    if (isLater) this.incarnation = incarnation + 1;
  }

  #hearOf(entry: NodeEntry, now: number): void {
    const slot = this.table.find(entry.address);
    if (slot === undefined) {
      if (entry.condition !== "up") return;
      const taken = this.table.insert(entry, now, this.#ticks);
      if (taken === undefined) return;
      this.#alive++;
      this.#window.changed(taken);
      this.#window.heard(taken);
      return;
    }
    if (entry.condition === "up") this.#refresh(slot, entry, now);
    else if (entry.incarnation >= this.table.incarnation(slot))
      this.#doubt(slot, entry.condition, now - entry.age);
  }

  /** Takes what a node has said where it is newer; it ends a doubt that is older. */
  #refresh(slot: number, entry: NodeEntry, now: number): void {
    const lives = entry.incarnation - this.table.incarnation(slot);
    if (lives < 0 || (lives === 0 && entry.beat <= this.table.beat(slot))) return;
    this.table.update(slot, entry, now);
    this.#window.heard(slot);
    const isUp = this.table.condition(slot) === "up" && lives === 0;
    const produced = this.table.producedAt(slot);
    if (!isUp && (lives > 0 || produced > this.table.evidence(slot))) this.#change(slot, "up", produced);
  }

  /** A node was found silent at that time; whoever has heard from it since knows better. */
  #doubt(slot: number, condition: Condition, evidence: number): void {
    if (this.table.producedAt(slot) > evidence || this.table.condition(slot) === "silent") return;
    if (isWorse(condition, this.table.condition(slot))) this.#change(slot, condition, evidence);
  }

  #change(slot: number, condition: Condition, evidence: number): void {
    const before = this.table.condition(slot);
    this.#alive += Number(isAlive(condition)) - Number(isAlive(before));
    this.table.setCondition(slot, condition, { tick: this.#ticks, evidence });
    this.#window.changed(slot);
    const address = this.table.address(slot);
    if (condition === "suspect") this.#suspects.add(address);
    else this.#suspects.delete(address);
  }
}
