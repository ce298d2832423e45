/** Whom a node asks for a sign of life, beside the one it speaks to: who was asked and is silent, and suspects. */

import { isAlive } from "./entry.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Question, Questions } from "./questions.ts";

/** Datagrams in which a question is put again, as each may be lost. */
const DATAGRAMS = 2;
/** Nodes that are asked again in one second, and suspects that are asked. */
const MOST_ASKED = 8;
/** Of all that hear of a suspicion so many ask for themselves, on average. */
const ASKERS = 8;
/** A cluster so small that a node in it is asked by few: each asks two others a second. */
const FEW = 8;

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

  failed(tick: number): readonly Question[] {
    return this.#questions.failed(tick);
  }

  /** The addresses to ask in this second, where the node of slot `partner` is asked anyway; each as often as it is here. */
  next(partner: number | undefined, now: number): number[] {
    const { ticks } = this.#known;
    const late = this.#questions.takeLate(ticks, (address) => this.#isAlive(address)).slice(0, MOST_ASKED);
    const oldest = this.#oldestOfFew(partner);
    for (const address of [...late, ...oldest]) this.asked(address, ticks, now);
    return [
      ...late.flatMap((address) => Array.from({ length: DATAGRAMS }, () => address)),
      ...oldest,
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

  /** The one that was heard of longest ago, in a small cluster. */
  #oldestOfFew(partner: number | undefined): number[] {
    const { alive, table, window } = this.#known;
    if (alive > FEW) return [];
    const others = window.oldest(2).filter((slot) => slot !== partner);
    const addresses = others.map((slot) => table.address(slot));
    return addresses.filter((address) => !this.#questions.isOpen(address)).slice(0, 1);
  }

  #isAlive(address: number): boolean {
    const slot = this.#known.table.find(address);
    return slot !== undefined && isAlive(this.#known.table.condition(slot));
  }
}
