/**
 * The addresses that have answered this node. Somebody may forge a node for a few seconds; a node that is heard of again
 * `PROVEN_MILLISECONDS` after its first answer is proven: this node shares what it knows with the proven ones, whatever
 * is named beside them.
 */

import { PROVEN_MILLISECONDS } from "./timing.ts";

export class AnsweredNodes {
  /** When each address answered first, in milliseconds. */
  readonly #first = new Map<number, number>();
  readonly #proven: number[] = [];
  /** Where each proven address is in the list. */
  readonly #places = new Map<number, number>();

  has(address: number): boolean {
    return this.#first.has(address);
  }

  isProven(address: number): boolean {
    return this.#places.has(address);
  }

  /** That address has spoken; `isAnswer` where it was asked before. */
  hear(address: number, now: number, { isAnswer }: { readonly isAnswer: boolean }): void {
    const first = this.#first.get(address);
    if (first === undefined) {
      if (isAnswer) this.#first.set(address, now);
    } else if (now - first >= PROVEN_MILLISECONDS && !this.isProven(address)) {
      this.#places.set(address, this.#proven.length);
      this.#proven.push(address);
    }
  }

  delete(address: number): void {
    this.#first.delete(address);
    const place = this.#places.get(address);
    const last = this.#proven.at(-1);
    if (place === undefined || last === undefined) return;
    this.#proven[place] = last;
    this.#places.set(last, place);
    this.#proven.pop();
    this.#places.delete(address);
  }

  /** A proven address at random, or nothing where none is. */
  draw(random: () => number): number | undefined {
    return this.#proven[Math.floor(random() * this.#proven.length)];
  }
}
