/**
 * Whom a node asks for a sign of life, beside the one it speaks to: any other, so that a death is not long unseen; who
 * was asked and is silent; and suspects.
 */

import { isAlive } from "./entry.ts";
import type { Membership } from "./membership.ts";
import { drawAlive, drawProven } from "./partner.ts";
import { type FailedProbe, PendingProbes } from "./pending-probes.ts";

/** Datagrams in which a question is put again, as each may be lost. */
const DATAGRAMS = 2;
/** Nodes that are asked again in one second, and suspects that are asked. */
const MOST_ASKED = 16;
/** So many silent nodes in one second are no sign that many died: each lost datagram makes one. */
const LOST_BY_CHANCE = 4;
/** Nodes that others have named, and that are asked themselves, in one second. */
const MOST_RUMOURS = 8;
/** Of all that hear of a suspicion so many ask for themselves, on average. */
const ASKERS = 8;
/** Tries to draw a node that is not asked anyway. */
const DRAWS = 4;

export class Prober {
  readonly #members: Membership;
  readonly #random: () => number;
  readonly #pending = new PendingProbes();

  constructor(known: Membership, random: () => number) {
    this.#members = known;
    this.#random = random;
  }

  /** That address was asked, in that second. */
  sentTo(address: number, tick: number, now: number): void {
    this.#pending.put(address, tick, now);
  }

  /** It has said something: where it was asked, it has answered. */
  heard(address: number, now: number): void {
    this.#members.answered.hear(address, now, { isAnswer: this.#pending.isOpen(address) });
    this.#pending.close(address);
  }

  /** Asks nobody again: a question that was put only once or twice proves nothing later. */
  forget(): void {
    this.#pending.clear();
  }

  failed(tick: number): readonly FailedProbe[] {
    const { table } = this.#members;
    return this.#pending.failed(tick, (address) => {
      const slot = table.find(address);
      return slot === undefined ? Number.POSITIVE_INFINITY : table.producedAt(slot);
    });
  }

  /** The addresses to ask in this second, where the node of slot `partner` is asked anyway; each as often as it is here. */
  next(partner: number | undefined, now: number): number[] {
    const { ticks } = this.#members;
    const late = this.#late();
    const others = this.#others(partner, late.length);
    const rumoured = this.#members.rumours.next(MOST_RUMOURS);
    for (const address of [...late, ...others, ...rumoured]) this.sentTo(address, ticks, now);
    return [
      ...late.flatMap((address) => Array.from({ length: DATAGRAMS }, () => address)),
      ...others,
      ...rumoured,
      ...this.#suspects(late),
    ];
  }

  /** The silent nodes to probe again: first the proven ones, last those that are in doubt already. */
  #late(): number[] {
    const { table, answered, suspects, ticks } = this.#members;
    const isAliveHere = (address: number) => {
      const slot = table.find(address);
      return slot !== undefined && isAlive(table.condition(slot));
    };
    const rank = (address: number) => (suspects.has(address) ? 2 : answered.isProven(address) ? 0 : 1);
    return this.#pending
      .takeLate(ticks, isAliveHere)
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, MOST_ASKED);
  }

  #suspects(probed: readonly number[]): number[] {
    const { suspects, alive } = this.#members;
    const chosen = [...suspects].filter(
      (address) => !probed.includes(address) && this.#random() < ASKERS / alive,
    );
    return chosen.slice(0, MOST_ASKED);
  }

  /**
   * Living nodes beside the partner that were not asked already, those first that never answered. Where nodes are silent
   * as many others are asked, and first a proven one: made-up nodes must not hide a death.
   */
  #others(partner: number | undefined, silent: number): number[] {
    const { table, answered } = this.#members;
    const most = 1 + Math.max(silent - LOST_BY_CHANCE, 0);
    const draws = Array.from({ length: DRAWS * most }, () => drawAlive(table, this.#random));
    const free = [silent > 0 ? drawProven(this.#members, this.#random) : undefined, ...draws]
      .flatMap((slot) => (slot === undefined || slot === partner ? [] : [table.address(slot)]))
      .filter((address) => !this.#pending.isOpen(address));
    const first = free.slice(0, Math.min(silent, 1));
    const rest = free.sort((a, b) => Number(answered.has(a)) - Number(answered.has(b)));
    return [...new Set([...first, ...rest])].slice(0, most);
  }
}
