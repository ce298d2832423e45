/** The bonds and bridges of the command line: which links are their members, and when each is complete. */

import { formatMac } from "../../system/address/mac.ts";
import type { Link } from "../../system/kernel/kernel.ts";
import { matchesName } from "../network/names.ts";
import { type Change, keyOf, type MasterRequest, type Outcomes } from "./change.ts";
import type { KnownLink } from "./known-link.ts";
import type { NetworkOptions } from "./options.ts";

/**
 * How long a master waits for further members after its first: it has that one's address, which a later member must
 * not change.
 */
export const MEMBERS_MILLISECONDS = 1_500;

/** What has become of one master up to now. */
export interface MasterProgress {
  /** When its first member joined, on the clock of the plan. */
  readonly since?: number;
  /** No further member is waited for. */
  readonly isReady: boolean;
  /** It has the address of its first member. */
  readonly hasAddress: boolean;
}

const NO_PROGRESS: MasterProgress = { isReady: false, hasAddress: false };

/** A link, and the master that wants it. */
export interface Member {
  readonly known: KnownLink;
  readonly master: MasterRequest;
}

/** What is known of the links when a plan is made. */
export interface MasterSituation {
  readonly links: readonly KnownLink[];
  /** Every link of the machine. */
  readonly all: readonly Link[];
  readonly outcomes: Outcomes;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: number;
}

/** The masters within one plan. */
export class BondsAndBridges {
  readonly #requests: readonly MasterRequest[];
  readonly #situation: MasterSituation;
  readonly #progress: Map<string, MasterProgress>;

  constructor(
    { bonds, bridges }: Pick<NetworkOptions, "bonds" | "bridges">,
    situation: MasterSituation,
    before: ReadonlyMap<string, MasterProgress>,
  ) {
    this.#requests = [
      ...bonds.map((bond) => ({ kind: "bond", ...bond }) as const),
      ...bridges.map((bridge) => ({ kind: "bridge", ...bridge }) as const),
    ];
    this.#situation = situation;
    this.#progress = new Map(before);
    for (const master of this.#made) this.#progress.set(master.name, this.#advance(master));
  }

  /** What the next plan is to know. */
  get progress(): ReadonlyMap<string, MasterProgress> {
    return this.#progress;
  }

  /** Whether a master of this name was made. */
  has(name: string): boolean {
    return this.#made.some((master) => master.name === name);
  }

  making(): Change[] {
    return this.#requests.map((master) => ({ do: "make", master }));
  }

  /** A master that is ready gets the address of its first member, whichever came first. */
  addressing(): Change[] {
    return this.#made.flatMap((master): Change[] => {
      const { name } = master;
      const own = this.#linkOf(master);
      const progress = this.#progress.get(name) ?? NO_PROGRESS;
      const mac = firstAddress(master, this.#membersOf(master));
      if (own === undefined || !progress.isReady || progress.hasAddress || mac === undefined) return [];
      const change = { do: "mac", index: own.index, name, mac } as const;
      // A bond keeps the address it has; a bridge that was given none takes the lowest of its ports as these come and go.
      const isDone = master.kind === "bond" && formatMac(own.address) === mac;
      if (!isDone && !this.#situation.outcomes.has(keyOf(change))) return [change];
      this.#progress.set(name, { ...progress, hasAddress: true });
      return [];
    });
  }

  /** Whether a link is no master, or one that waits for nothing any more. */
  isWhole({ name }: Pick<Link, "name">): boolean {
    return !this.has(name) || (this.#progress.get(name)?.hasAddress ?? false);
  }

  /** Those of the links that a master wants; "all" are the adapters. */
  assign(links: readonly KnownLink[]): Member[] {
    return links.flatMap((known): Member[] => {
      const { names, isAdapter } = known;
      const master = this.#made.find(({ members }) =>
        members === "all" ? isAdapter : members.some((member) => matchesName(member, names)),
      );
      return master === undefined ? [] : [{ known, master }];
    });
  }

  joining({ known: { link }, master }: Member): Change[] {
    const own = this.#linkOf(master);
    return own === undefined || link.master === own.index ? [] : [joinOf(link, master, own)];
  }

  /** Where a member stands, for the screen. */
  describe({ known: { link }, master }: Member): string {
    const own = this.#linkOf(master);
    if (own === undefined) return `waiting for ${master.name}`;
    const why = this.#situation.outcomes.get(keyOf(joinOf(link, master, own)));
    return why === undefined ? `part of ${master.name}` : `not part of ${master.name}: ${why}`;
  }

  /** Milliseconds until each master that still waits is ready. */
  waits(): number[] {
    return this.#made.flatMap(({ name }) => {
      const { isReady, since } = this.#progress.get(name) ?? NO_PROGRESS;
      return isReady || since === undefined ? [] : since + MEMBERS_MILLISECONDS - this.#situation.now;
    });
  }

  get #made(): MasterRequest[] {
    return this.#requests.filter((master) => this.#succeeded({ do: "make", master }));
  }

  #advance(master: MasterRequest): MasterProgress {
    const { now } = this.#situation;
    const before = this.#progress.get(master.name) ?? NO_PROGRESS;
    const count = this.#membersOf(master).length;
    const since = before.since ?? (count > 0 ? now : undefined);
    if (since === undefined) return before;
    const isFull = master.members !== "all" && count >= master.members.length;
    const isReady = before.isReady || isFull || now - since >= MEMBERS_MILLISECONDS;
    return { ...before, since, isReady };
  }

  /** Links that have joined a master, or were in it before. */
  #membersOf(master: MasterRequest): KnownLink[] {
    const own = this.#linkOf(master);
    if (own === undefined) return [];
    return this.#situation.links.filter(
      ({ link }) => link.master === own.index || this.#succeeded(joinOf(link, master, own)),
    );
  }

  #linkOf({ name }: MasterRequest): Link | undefined {
    return this.#situation.all.find((link) => link.name === name);
  }

  #succeeded(change: Change): boolean {
    const { outcomes } = this.#situation;
    return outcomes.has(keyOf(change)) && outcomes.get(keyOf(change)) === undefined;
  }
}

function joinOf({ index, name }: Link, { name: wanted, kind }: MasterRequest, master: Link): Change {
  return { do: "join", index, name, master: { index: master.index, name: wanted, kind } };
}

/** Of the first member in the order of the option; of "all", the lowest. */
function firstAddress({ members: wanted }: MasterRequest, members: readonly KnownLink[]): string | undefined {
  const inOrder =
    wanted === "all"
      ? []
      : wanted.flatMap((member) => members.find(({ names }) => matchesName(member, names)) ?? []);
  return inOrder[0]?.mac ?? members.map(({ mac }) => mac).toSorted()[0];
}
