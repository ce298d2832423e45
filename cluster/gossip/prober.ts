/**
 * Whom a node asks for a sign of life, beside the one it speaks to: any other, so that a death is not long unseen; who
 * was asked and is silent; and suspects.
 */

import { isAlive } from "./entry.ts";
import type { Membership } from "./membership.ts";
import { drawAlive } from "./partner.ts";
import { type FailedProbe, PendingProbes } from "./pending-probes.ts";

/** Datagrams in which a question is put again, as each may be lost. */
const DATAGRAMS = 2;
/** Nodes that are asked again in one second, and suspects that are asked. */
const MOST_ASKED = 16;
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
  asked(address: number, tick: number, now: number): void {
    this.#pending.put(address, tick, now);
  }

  /** It has said something. */
  answered(address: number): void {
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
    const late = this.#pending.takeLate(ticks, (address) => this.#isAlive(address)).slice(0, MOST_ASKED);
    const others = this.#others(partner, 1 + late.length);
    for (const address of [...late, ...others]) this.asked(address, ticks, now);
    return [
      ...late.flatMap((address) => Array.from({ length: DATAGRAMS }, () => address)),
      ...others,
      ...this.#suspects(late),
    ];
  }

  #suspects(asked: readonly number[]): number[] {
    const { suspects, alive } = this.#members;
    const chosen = [...suspects].filter(
      (address) => !asked.includes(address) && this.#random() < ASKERS / alive,
    );
    return chosen.slice(0, MOST_ASKED);
  }

  /** Living nodes beside the partner that were not asked already; where many do not answer, more of the others are asked. */
  #others(partner: number | undefined, most: number): Set<number> {
    const { table } = this.#members;
    const chosen = new Set<number>();
    for (let draw = 0; draw < DRAWS * most && chosen.size < most; draw++) {
      const slot = drawAlive(table, this.#random);
      if (slot === undefined) break;
      const address = table.address(slot);
      if (slot !== partner && !this.#pending.isOpen(address)) chosen.add(address);
    }
    return chosen;
  }

  #isAlive(address: number): boolean {
    const slot = this.#members.table.find(address);
    return slot !== undefined && isAlive(this.#members.table.condition(slot));
  }
}
