/** The seconds between ESC on a node's own screen and its end, in which any key keeps it. */

import type { Later } from "../terminal/keys.ts";

export const GRACE_SECONDS = 5;
const SECOND = 1_000;

export class Countdown {
  readonly #later: Later;
  readonly #onChange: () => void;
  readonly #onEnd: () => void;
  #left: number | undefined;
  #callOff = () => {};

  /** `onChange` is called when `left` is another, and `onEnd` when nothing is left. */
  constructor(later: Later, { onChange, onEnd }: { onChange: () => void; onEnd: () => void }) {
    this.#later = later;
    this.#onChange = onChange;
    this.#onEnd = onEnd;
  }

  /** Whole seconds that are left; nothing while it does not run. */
  get left(): number | undefined {
    return this.#left;
  }

  start(): void {
    this.#go(GRACE_SECONDS);
  }

  stop(): void {
    this.#callOff();
    this.#left = undefined;
    this.#onChange();
  }

  #go(left: number): void {
    this.#callOff();
    this.#left = left;
    if (left === 0) {
      this.#onEnd();
      return;
    }
    this.#callOff = this.#later(SECOND, () => this.#go(left - 1));
    this.#onChange();
  }
}
