/** The state behind the page: samples, histories and the user's choice. */

import type { Notice } from "../access/notice.ts";
import { History } from "../figures/history.ts";
import { LoadHistory } from "../figures/load-history.ts";
import { memoryShare } from "../figures/totals.ts";
import { NO_SAMPLE, type Sample } from "../sources/sample.ts";
import type { Source } from "../sources/source.ts";
import type { Key } from "../terminal/keys.ts";
import { type Choice, FIRST_CHOICE, press } from "./choice.ts";
import type { ViewState } from "./view-state.ts";

/** Values of the widest graph. */
const REMEMBERED = 512;

export class Page {
  readonly #source: Source;
  readonly #leaving: string;
  readonly #notice: Notice | undefined;
  readonly #loads = new History(REMEMBERED);
  readonly #memories = new History(REMEMBERED);
  readonly #clusterLoads = new LoadHistory();
  #sample: Sample = NO_SAMPLE;
  #choice: Choice = FIRST_CHOICE;

  /** `leaving` describes ESC; the keys of `pressed` count as pressed at the start. */
  constructor(source: Source, leaving: string, pressed = "", notice?: Notice) {
    this.#source = source;
    this.#leaving = leaving;
    this.#notice = notice;
    for (const key of pressed) this.press(key);
  }

  /** Takes one more sample. */
  async sample(): Promise<void> {
    this.#sample = await this.#source.sample();
    this.#loads.push(this.#sample.load);
    this.#memories.push(memoryShare(this.#sample));
    this.#clusterLoads.push(this.#source.cluster());
  }

  /** Whether typed characters go into the filter. */
  get isTyping(): boolean {
    return this.#choice.isTyping;
  }

  /** Applies a key; false where it is ESC and there is nothing left to go back from. */
  press(key: Key): boolean {
    const choice = press(this.#choice, key, this.#source.cluster()?.nodes ?? []);
    this.#choice = choice ?? this.#choice;
    return choice !== undefined;
  }

  state(countdown?: number): ViewState {
    return {
      status: this.#source.status(),
      cluster: this.#source.cluster(),
      sample: this.#sample,
      loads: this.#loads.latest(REMEMBERED),
      memories: this.#memories.latest(REMEMBERED),
      clusterLoads: this.#clusterLoads,
      choice: this.#choice,
      leaving: this.#leaving,
      notice: this.#notice,
      origin: this.#source.origin,
      countdown,
    };
  }

  close(): void {
    this.#source.close();
  }
}
