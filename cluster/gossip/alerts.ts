/** When what may not wait for the message of the second is told: at once, and again, as some of it is lost. */

import { TokenBucket } from "../../system/token-bucket.ts";

/** Nodes that are told each time, which pass it on. */
export const ALERT_RECEIVERS = 3;
const ROUNDS = 2;
/** Rounds in a second at most: what changes meanwhile goes with the next. */
const ROUNDS_A_SECOND = 2;

export class Alerts {
  readonly #bucket = new TokenBucket(ROUNDS_A_SECOND);
  #told = 0;
  #roundsLeft = 0;

  /** Whether it is time for a round; `changes` counts what there was to tell. Later rounds wait for the next second. */
  isDue(changes: number, { now, isTick }: { readonly now: number; readonly isTick: boolean }): boolean {
    const isNew = changes > this.#told;
    if (!isNew && !(isTick && this.#roundsLeft > 0)) return false;
    if (!this.#bucket.takes(now)) return false;
    this.#roundsLeft = isNew ? ROUNDS - 1 : this.#roundsLeft - 1;
    this.#told = changes;
    return true;
  }
}
