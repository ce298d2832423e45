/** Where a fixed address goes that was asked for without an interface. */

import type { Link, Network } from "../../system/kernel/kernel.ts";
import { type Candidate, compare } from "../network/choice.ts";
import { matchesName } from "../network/names.ts";
import { findHardware } from "../network/nic.ts";

/** For the carriers of other interfaces, once one has its own: which comes first must not matter. */
export const CARRIERS_MILLISECONDS = 1_000;

export interface HomeOptions {
  readonly network: Pick<Network, "links">;
  readonly root: string;
  readonly signal: AbortSignal;
  /** Names of the preferred primary NICs: the first that is there is home. */
  readonly preferred: readonly string[];
  /** Whether it could be. */
  readonly isCandidate: (link: Link) => boolean;
  /** Called when home has been found. */
  readonly again: () => void;
}

export class Home {
  readonly #options: HomeOptions;
  #index: number | undefined;
  #isWaiting = false;
  #isDue = false;

  constructor(options: HomeOptions) {
    this.#options = options;
  }

  /** Whether this is it: the best of the interfaces with a carrier, for as long as it is there. */
  is(link: Link): boolean {
    const { network, preferred, root, signal } = this.#options;
    const isGone = !network.links().some(({ index }) => index === this.#index);
    if (this.#index !== undefined && isGone) this.#index = undefined;
    if (this.#isDue) this.#choose();
    if (this.#index !== undefined) return link.index === this.#index;
    const { names } = findHardware(root, link);
    if (preferred.some((name) => matchesName(name, names))) this.#index = link.index;
    else if (link.carrier && !this.#isWaiting) {
      this.#isWaiting = true;
      const timer = setTimeout(() => {
        this.#isDue = true;
        this.#options.again();
      }, CARRIERS_MILLISECONDS);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
    return link.index === this.#index;
  }

  #choose(): void {
    const { network, isCandidate } = this.#options;
    [this.#isWaiting, this.#isDue] = [false, false];
    const ready = network.links().filter((link) => link.carrier && isCandidate(link));
    this.#index ??= ready.map((link) => this.#candidate(link)).toSorted(compare)[0]?.index;
  }

  #candidate(link: Link): Candidate {
    const { index, name, carrier } = link;
    return { index, name, carrier, isOffered: false, ...findHardware(this.#options.root, link) };
  }
}
