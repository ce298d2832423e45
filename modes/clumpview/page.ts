/** The state behind the page: samples, histories and the user's choice. */

import { History } from "../figures/history.ts";
import { LoadHistory } from "../figures/load-history.ts";
import { memoryShare } from "../figures/totals.ts";
import { NO_SAMPLE, type Sample } from "../sources/sample.ts";
import type { GuestsLeave, Source } from "../sources/source.ts";
import type { Key } from "../terminal/keys.ts";
import { type Choice, FIRST_CHOICE, press, wantsNodes } from "./choice.ts";
import { showsNodePage, type ViewState } from "./view-state.ts";

/** Values of the widest graph. */
const REMEMBERED = 512;
/** Samples for which a hint stays. */
const HINT_SAMPLES = 5;
/** Keys that a terminal sends by itself, or that mean nothing by themselves. */
const UNSAID = ["other", "interrupt"];

/** What the place of a page gives it for good. */
type PageSetting = Pick<ViewState, "leaving" | "notice" | "opensShells">;

export class Page {
  readonly #source: Source;
  readonly #setting: PageSetting;
  readonly #loads = new History(REMEMBERED);
  readonly #memories = new History(REMEMBERED);
  readonly #clusterLoads = new LoadHistory();
  #sample: Sample = NO_SAMPLE;
  #choice: Choice = FIRST_CHOICE;
  #hint: { readonly text: string; readonly left: number } | undefined;

  /** The keys of `pressed` count as pressed at the start. */
  constructor(source: Source, setting: PageSetting, pressed = "") {
    this.#source = source;
    this.#setting = setting;
    for (const key of pressed) this.press(key);
  }

  /** Takes one more sample. */
  async sample(): Promise<void> {
    this.#sample = await this.#source.sample();
    const left = (this.#hint?.left ?? 0) - 1;
    this.#hint = this.#hint && left > 0 ? { ...this.#hint, left } : undefined;
    this.#loads.push(this.#sample.load);
    this.#memories.push(memoryShare(this.#sample));
    this.#clusterLoads.push(this.#source.cluster());
  }

  /** Guests that leave before this node shuts down. */
  get departure(): GuestsLeave | undefined {
    return this.#source.departure?.();
  }

  /** Whether this node takes leave before it shuts down: of processes of other nodes, or of Slurm. */
  get takesLeave(): boolean {
    if (this.#source.status()?.slurm !== undefined) return true;
    return (this.#source.moves()?.jobs ?? []).some(({ kind }) => kind === "guest" || kind === "arriving");
  }

  /** Whether typed characters go into the filter. */
  get isTyping(): boolean {
    return this.#choice.isTyping;
  }

  /** Whether the next key belongs to the filter, or to the help, which any key leaves. */
  get takesText(): boolean {
    return this.isTyping || this.#choice.over === "help";
  }

  /** Applies a key; false where it is ESC and there is nothing left to go back from. */
  press(key: Key): boolean {
    const cluster = this.#source.cluster();
    const nodes = cluster?.nodes ?? [];
    const showsNode = showsNodePage({ cluster, status: this.#source.status(), choice: this.#choice });
    const choice = press(this.#choice, key, { nodes, showsNode });
    this.#hint = undefined;
    if (choice === this.#choice && !UNSAID.includes(key)) this.say(whyNothing(key, nodes.length > 0));
    this.#choice = choice ?? this.#choice;
    return choice !== undefined;
  }

  /** Shows a sentence in the place of the keys for a few seconds. */
  say(text: string): void {
    this.#hint = { text, left: HINT_SAMPLES };
  }

  state(countdown?: number): ViewState {
    return {
      status: this.#source.status(),
      cluster: this.#source.cluster(),
      moves: this.#source.moves(),
      now: this.#source.now?.() ?? Date.now(),
      sample: this.#sample,
      loads: this.#loads.latest(REMEMBERED),
      memories: this.#memories.latest(REMEMBERED),
      clusterLoads: this.#clusterLoads,
      choice: this.#choice,
      ...this.#setting,
      hint: this.#hint?.text,
      origin: this.#source.origin,
      departure: this.departure,
      countdown,
    };
  }

  close(): void {
    this.#source.close();
  }
}

function whyNothing(key: Key, hasNodes: boolean): string {
  const name = key === " " ? "space" : key;
  return !hasNodes && wantsNodes(key)
    ? `[${name}] waits for a cluster: this node is in none yet`
    : `[${name}] does nothing here, [h] lists the keys`;
}
