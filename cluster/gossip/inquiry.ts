/**
 * Whom a node asks for a sign of life, beside the one it speaks to: any other, so that a death is not long unseen; who
 * was asked and is silent; and suspects.
 */

import { isAlive } from "./entry.ts";
import type { Knowledge } from "./knowledge.ts";
import { drawAlive } from "./partner.ts";
import { type Question, Questions } from "./questions.ts";

/** Datagrams in which a question is put again, as each may be lost. */
const DATAGRAMS = 2;
/** Nodes that are asked again in one second, and suspects that are asked. */
const MOST_ASKED = 8;
/** Of all that hear of a suspicion so many ask for themselves, on average. */
const ASKERS = 8;
/** Tries to draw a node that is not asked anyway. */
const DRAWS = 4;

export class Inquiry {
  readonly #known: Knowledge;
  readonly #random: () => number;
  readonly #questions = new Questions();

  constructor(known: Knowledge, random: () => number) {
    this.#known = known;
    this.#random = random;
  }

  /** That address was asked, in that second. */
  asked(address: number, tick: number, now: number): void {
    this.#questions.put(address, tick, now);
  }

  /** It has said something. */
  answered(address: number): void {
    this.#questions.close(address);
  }

  /** Asks nobody again: a question that was put only once or twice proves nothing later. */
  forget(): void {
    this.#questions.clear();
  }

  failed(tick: number): readonly Question[] {
    return this.#questions.failed(tick);
  }

  /** The addresses to ask in this second, where the node of slot `partner` is asked anyway; each as often as it is here. */
  next(partner: number | undefined, now: number): number[] {
    const { ticks } = this.#known;
    const late = this.#questions.takeLate(ticks, (address) => this.#isAlive(address)).slice(0, MOST_ASKED);
    const another = this.#another(partner);
    for (const address of [...late, ...another]) this.asked(address, ticks, now);
    return [
      ...late.flatMap((address) => Array.from({ length: DATAGRAMS }, () => address)),
      ...another,
      ...this.#suspects(late),
    ];
  }

  #suspects(asked: readonly number[]): number[] {
    const { suspects, alive } = this.#known;
    const chosen = [...suspects].filter(
      (address) => !asked.includes(address) && this.#random() < ASKERS / alive,
    );
    return chosen.slice(0, MOST_ASKED);
  }

  /** A living node beside the partner, and not one that was asked already. */
  #another(partner: number | undefined): number[] {
    const { table } = this.#known;
    for (let draw = 0; draw < DRAWS; draw++) {
      const slot = drawAlive(table, this.#random);
      if (slot === undefined) return [];
      const address = table.address(slot);
      if (slot !== partner && !this.#questions.isOpen(address)) return [address];
    }
    return [];
  }

  #isAlive(address: number): boolean {
    const slot = this.#known.table.find(address);
    return slot !== undefined && isAlive(this.#known.table.condition(slot));
  }
}
