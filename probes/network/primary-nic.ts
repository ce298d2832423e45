/** Applies `choose()` to the NICs as they change, and as time passes. */

import { type Candidate, choose } from "./choice.ts";
import { matchesName } from "./names.ts";
import type { Nic } from "./nic.ts";

/** An option of the command line that asks for an interface. */
export interface PreferredNic {
  /** As it was typed: "clump.nic=eth1". */
  readonly option: string;
  /** "eth1", "enp0s3", "52:54:00:12:34:56", "0000:00:03.0". */
  readonly name: string;
}

export interface PrimaryNicOptions {
  /** The most preferred first. */
  readonly preferredNics: readonly PreferredNic[];
  readonly signal: AbortSignal;
  /** Called when it is time to update again. */
  readonly again: () => void;
}

/** When something that matters to the choice came about, on the clock of performance.now(). */
interface Times {
  readonly leased?: number;
  readonly dead?: number;
}

export class PrimaryNic {
  readonly #options: PrimaryNicOptions;
  #times: ReadonlyMap<number, Times> = new Map();
  #timer: Timer | undefined;
  #isComplete = false;
  #index: number | undefined;
  #reason = "";
  #missing: readonly PreferredNic[] = [];
  #preferred: readonly PreferredNic[];

  constructor(options: PrimaryNicOptions) {
    this.#options = options;
    this.#preferred = options.preferredNics;
    options.signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** Index of the interface that makes the node. */
  get index(): number | undefined {
    return this.#index;
  }

  /** The reason for the choice. */
  get reason(): string {
    return this.#reason;
  }

  /** Preferred NICs that do not exist; empty until every driver is loaded. */
  get missing(): readonly PreferredNic[] {
    return this.#isComplete ? this.#missing : [];
  }

  /** From now on this NIC is preferred to all others. */
  prefer(nic: PreferredNic): void {
    this.#preferred = [nic, ...this.#options.preferredNics];
  }

  /** Every driver is in. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Takes in how things are now; true where another interface leads than before. */
  update(nics: readonly Nic[]): boolean {
    const now = performance.now();
    this.#times = new Map(
      nics.map((nic) => [nic.link.index, timesOf(nic, this.#times.get(nic.link.index), now)]),
    );
    this.#missing = this.#preferred.filter(({ name }) => !nics.some(({ names }) => matchesName(name, names)));
    const { chosen, reason, again } = choose(
      nics.filter(({ idle }) => idle === undefined).map((nic) => this.#candidate(nic, now)),
      {
        ...(this.#index !== undefined && { current: this.#index }),
        isComplete: this.#isComplete,
        isMissingPreferred: this.#missing.length > 0,
      },
    );
    this.#setTimer(again);
    const before = this.#index;
    this.#index = chosen?.index;
    if (reason !== undefined) this.#reason = reason;
    return before !== this.#index;
  }

  #candidate({ link, bus, place, names, state }: Nic, now: number): Candidate {
    const rank = this.#preferred.findIndex(({ name }) => matchesName(name, names));
    const preferred = this.#preferred[rank];
    const { leased, dead } = this.#times.get(link.index) ?? {};
    return {
      index: link.index,
      name: link.name,
      bus,
      place,
      ...(preferred && { preference: { rank, option: preferred.option } }),
      carrier: link.carrier,
      isOffered: state === "REQUESTING" || state === "PROBING",
      ...(leased !== undefined && { leasedFor: now - leased }),
      ...(dead !== undefined && { deadFor: now - dead }),
    };
  }

  #setTimer(milliseconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (milliseconds === undefined || this.#options.signal.aborted) return;
    // Rounded up: an early timer would find nothing to do but to be set again.
    this.#timer = setTimeout(this.#options.again, Math.ceil(milliseconds));
  }
}

function timesOf({ lease, link }: Nic, before: Times = {}, now: number): Times {
  return {
    ...(lease !== undefined && { leased: before.leased ?? now }),
    ...(!link.carrier && { dead: before.dead ?? now }),
  };
}
