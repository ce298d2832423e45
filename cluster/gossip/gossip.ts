/**
 * The load gossip of MOSIX (Barak 2001; Amar and others, CCPE 21, 2009, 1907): once a second one message to one
 * node, with the sender's own entry and a window of the freshest it has, each with its age. Beside these are its
 * oldest: whoever is asked answers at once, with what it knows better. Who does not answer is asked again, then
 * suspected; that goes round at once, as does its denial. Who has not denied it in five seconds is dead.
 * Pure: time and randomness come in, messages go out; the simulation runs this very code.
 */

import { isHostAddress } from "../../system/address/ipv4.ts";
import { livesAfter, nextLife } from "../../system/serial.ts";
import { ALERT_RECEIVERS, Alerts } from "./alerts.ts";
import { type NodeEntry, silentEntry } from "./entry.ts";
import { Membership } from "./membership.ts";
import type { GossipMessage, Outgoing } from "./packet.ts";
import { choosePartner, drawAlive, drawProven } from "./partner.ts";
import { Prober } from "./prober.ts";
import { NodeTable, type Table } from "./table.ts";

/** What a node says of itself, beside what the gossip knows. */
export type OwnFacts = Omit<NodeEntry, "address" | "incarnation" | "beat" | "age" | "condition">;

export interface GossipOptions {
  readonly address: number;
  readonly incarnation: number;
  readonly own: OwnFacts;
  /** Entries in one message, the own one with them. */
  readonly window: number;
  readonly random: () => number;
  /** Whether a node may have that address; other addresses are not taken in. Any host's unless given. */
  readonly covers?: (address: number) => boolean;
  /** Where it keeps what it knows. */
  readonly table?: Table;
}

/** Entries in an answer: it says "alive", what is new, and what the asker knows less well or not at all. */
export const ANSWER_ENTRIES = 17;
const BETTER_ENTRIES = 12;
/** Entries of a message that are its sender's oldest, for which it hopes to be told newer ones. */
const OLDEST_ENTRIES = 8;

export class Gossip {
  readonly address: number;
  incarnation: number;
  /** What it says of itself from the next message on. */
  own: OwnFacts;
  readonly #members: Membership;
  readonly #most: number;
  readonly #random: () => number;
  readonly #prober: Prober;
  readonly #alerts = new Alerts();
  #beat = 0;
  #hasLeft = false;

  constructor(options: GossipOptions) {
    const { address, incarnation, own, window, random } = options;
    const { table = new NodeTable(), covers = isHostAddress } = options;
    this.address = address;
    this.incarnation = incarnation;
    this.own = own;
    this.#members = new Membership(table, covers);
    this.#prober = new Prober(this.#members, random);
    this.#most = window;
    this.#random = random;
  }

  get table(): Table {
    return this.#members.table;
  }

  /** Nodes thought alive, this one with them. */
  get alive(): number {
    return this.#members.alive;
  }

  /** Whether there is a node that does not gossip. */
  get hasSilent(): boolean {
    const { table } = this;
    for (let slot = 0; slot < table.size; slot++) if (table.condition(slot) === "silent") return true;
    return false;
  }

  /** The slots of the nodes to show: all but the dead that may have been made up. */
  get shown(): number[] {
    const slots = Array.from({ length: this.table.size }, (_, slot) => slot);
    return slots.filter((slot) => !this.#members.isFleeting(slot));
  }

  /** The next number of what this node sends; a seal carries it too. */
  nextBeat(): number {
    return ++this.#beat;
  }

  /** Once a second: judges those who have not answered, and gives the messages of this second. */
  tick(now: number, { speaks = true } = {}): Outgoing[] {
    this.#members.tick(now, (ticks) => this.#prober.failed(ticks));
    if (!speaks) {
      this.#prober.forget();
      return [];
    }
    const partner = choosePartner(this.#members, this.#random);
    const address = partner === undefined ? [] : [this.table.address(partner)];
    return [
      ...address.map((to) => this.#ask(to, now, this.#members.ticks)),
      ...this.#prober.next(partner, now).map((to) => this.#askBriefly(to, now)),
      ...this.#alert(now, { isTick: true }),
    ];
  }

  /** A message to that node, out of turn. */
  ask(to: number, now: number): Outgoing {
    return this.#ask(to, now, this.#members.ticks + 1);
  }

  #ask(to: number, now: number, tick: number): Outgoing {
    this.#prober.sentTo(to, tick, now);
    const { window } = this.#members;
    const most = this.#most - 1;
    const news = this.#members.takeBroadcasts(Math.ceil(most / 2));
    const entries = this.#compose(to, now, [
      ...news,
      ...window.oldest(OLDEST_ENTRIES),
      ...window.freshest(most),
    ]);
    return { to, message: { wantsAnswer: true, entries: entries.slice(0, this.#most) } };
  }

  /** What this node says of itself to all at once, when it comes. */
  introduce(): GossipMessage {
    return { wantsAnswer: false, entries: [this.#ownEntry()] };
  }

  /** Tells a node the last life that was heard of it, and the last beat in that, whether or not it is still known. */
  remind(to: number, last: Pick<NodeEntry, "incarnation" | "beat">): Outgoing {
    const entries = [this.#ownEntry(), { ...silentEntry(to, 0), ...last }];
    return { to, message: { wantsAnswer: false, entries } };
  }

  /** Asks for a sign of life alone. */
  #askBriefly(to: number, now: number): Outgoing {
    return { to, message: { wantsAnswer: true, isBrief: true, entries: this.#compose(to, now, []) } };
  }

  /** Tells some nodes of a doubt, a death, a farewell or a return, which pass it on. */
  #alert(now: number, { isTick = false } = {}): Outgoing[] {
    if (!this.#alerts.isDue(this.#members.changes, { now, isTick })) return [];
    const news = this.#members.takeBroadcasts(ANSWER_ENTRIES - 2);
    const slots = Array.from({ length: ALERT_RECEIVERS }, () => drawAlive(this.table, this.#random));
    // Made-up nodes may be many: one that is proven hears of it in any case.
    return [...slots, drawProven(this.#members, this.#random)]
      .flatMap((slot) => (slot === undefined ? [] : [this.table.address(slot)]))
      .map((to) => ({ to, message: { wantsAnswer: false, entries: this.#compose(to, now, news) } }));
  }

  /** Takes a message in, whose first entry is its sender's; gives what is to be sent now. */
  receive(message: GossipMessage, now: number): Outgoing[] {
    const from = message.entries[0]?.address;
    if (from === undefined) return [];
    this.#prober.heard(from, now);
    for (const entry of message.entries) {
      if (entry.address === this.address) this.#hearOfSelf(entry);
      else this.#members.hear(entry, now, from);
    }
    if (from === this.address || this.#hasLeft) return [];
    const { wantsAnswer, entries } = message;
    const answers = wantsAnswer ? [this.#answer(from, message, now)] : this.#refute(from, entries, now);
    return [...answers, ...this.#alert(now)];
  }

  /** Tells a node at once that doubts a third one that this node has heard from since. */
  #refute(to: number, entries: readonly NodeEntry[], now: number): Outgoing[] {
    const alive = entries
      .filter(({ condition }) => condition === "suspect" || condition === "dead")
      .flatMap((entry) => this.#members.knowsBetter(entry, now, to) ?? [])
      .filter((slot) => this.table.condition(slot) === "up");
    if (alive.length === 0) return [];
    return [{ to, message: { wantsAnswer: false, entries: this.#compose(to, now, alive) } }];
  }

  #answer(to: number, { entries, isBrief }: GossipMessage, now: number): Outgoing {
    if (isBrief) return { to, message: { wantsAnswer: false, entries: this.#compose(to, now, []) } };
    const better = entries.flatMap((entry) => this.#members.knowsBetter(entry, now, to) ?? []);
    const answer = this.#compose(to, now, [
      ...this.#members.takeBroadcasts(Math.ceil(ANSWER_ENTRIES / 2)),
      ...better.slice(0, BETTER_ENTRIES),
      ...this.#unknownTo(entries),
    ]);
    return { to, message: { wantsAnswer: false, entries: answer.slice(0, ANSWER_ENTRIES) } };
  }

  /** Whoever has room left in a message has named all it knows. */
  #unknownTo(entries: readonly NodeEntry[]): number[] {
    if (entries.length >= this.#most) return [];
    const named = new Set(entries.map(({ address }) => address));
    return this.#members.window.freshest(this.#most).filter((slot) => !named.has(this.table.address(slot)));
  }

  /** Takes a node in that was found some other way; true where nothing is known of it, or nothing good. */
  discover(address: number, id: number, now: number): boolean {
    return address !== this.address && this.#members.discover(address, id, now);
  }

  /** A node has said goodbye by multicast. */
  farewell(address: number, now: number): void {
    this.#members.farewell(address, now);
  }

  /** Goodbye: the messages that say so to some nodes, which pass it on. */
  leave(most: number): Outgoing[] {
    this.#hasLeft = true;
    const slots = Array.from({ length: this.table.size }, (_, slot) => slot);
    const up = slots.filter((slot) => this.table.condition(slot) === "up");
    return up.slice(0, most).map((slot) => ({
      to: this.table.address(slot),
      message: { wantsAnswer: false, entries: [this.#ownEntry()] },
    }));
  }

  /** This node's own entry, then those slots, each once. */
  #compose(to: number, now: number, slots: readonly number[]): NodeEntry[] {
    const receiver = this.table.find(to);
    // Who is thought dead is told so, and denies it.
    const about = receiver !== undefined && this.#members.isDoubted(receiver) ? [receiver] : [];
    const others = [...new Set([...about, ...slots])].map((slot) => this.table.told(slot, now));
    return [this.#ownEntry(), ...others];
  }

  #ownEntry(): NodeEntry {
    return {
      ...this.own,
      address: this.address,
      incarnation: this.incarnation,
      beat: this.nextBeat(),
      age: 0,
      condition: this.#hasLeft ? "left" : "up",
    };
  }

  /**
   * Whoever is in doubt of this node is told, with what changed, that it is there. Where somebody remembers a later
   * life of it, its clock went back, and it takes a life after that one.
   */
  #hearOfSelf({ incarnation, beat, condition }: NodeEntry): void {
    const lives = livesAfter(incarnation, this.incarnation);
    if (lives >= 0 && condition !== "up" && condition !== "silent") this.#members.changes++;
    if (lives > 0 || (lives === 0 && beat > this.#beat)) this.incarnation = nextLife(incarnation);
  }
}
