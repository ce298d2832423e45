/** The countdown between ESC on a node's own screen and the shutdown; any key stops it. */

import type { Later } from "../terminal/keys.ts";

export const GRACE_SECONDS = 5;
const SECOND = 1_000;

export class Countdown {
  readonly #later: Later;
  readonly #onChange: () => void;
  readonly #onEnd: () => void;
  #left: number | undefined;
  #cancel = () => {};

  /** `onChange` is called after each change of `left`, `onEnd` at 0. */
  constructor(later: Later, { onChange, onEnd }: { onChange: () => void; onEnd: () => void }) {
    this.#later = later;
    this.#onChange = onChange;
    this.#onEnd = onEnd;
  }

  /** Seconds left; undefined while the countdown does not run. */
  get left(): number | undefined {
    return this.#left;
  }

  start(): void {
    this.#go(GRACE_SECONDS);
  }

  stop(): void {
    this.#cancel();
    this.#left = undefined;
    this.#onChange();
  }

  #go(left: number): void {
    this.#cancel();
    this.#left = left;
    if (left === 0) {
      this.#onEnd();
      return;
    }
    this.#cancel = this.#later(SECOND, () => this.#go(left - 1));
    this.#onChange();
  }
}
