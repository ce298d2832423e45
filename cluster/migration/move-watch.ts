/** Watches one move: how long its process stands still, and which step has failed. */

import type { Effect } from "./transition.ts";

/** The steps after which the process, or its guest, runs. */
const THAWING: readonly Effect[] = ["go", "thaw"];

export class MoveWatch {
  readonly #froze: (seconds: number) => void;
  readonly #now: () => number;
  #frozenAt: number | undefined;
  #failed: Effect | undefined;

  /** `froze` is called with the seconds of the freeze, once it is over; `now` is in milliseconds. */
  constructor(froze: (seconds: number) => void, now = () => performance.now()) {
    this.#froze = froze;
    this.#now = now;
  }

  /** The first step that has failed. */
  get failed(): Effect | undefined {
    return this.#failed;
  }

  begins(effect: Effect): void {
    if (effect === "freeze") this.#frozenAt = this.#now();
  }

  ends(effect: Effect, isDone: boolean): void {
    if (!isDone) this.#failed ??= effect;
    if (this.#frozenAt === undefined || !THAWING.includes(effect)) return;
    this.#froze((this.#now() - this.#frozenAt) / 1_000);
    this.#frozenAt = undefined;
  }
}
