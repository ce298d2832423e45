/**
 * Plans the changes that turn the links of this machine into what the command line asks for. Pure: after its changes are
 * applied, the caller plans again with the links as they are then, until no change is left.
 */

import type { Link } from "../../system/kernel/kernel.ts";
import { matchesName } from "../network/names.ts";
import type { LinkPlan } from "../network/plan.ts";
import { BondsAndBridges, type MasterProgress, type Member } from "./bonds-and-bridges.ts";
import { type Change, keyOf, type Outcomes } from "./change.ts";
import { chooseDevice, type DeviceChoice } from "./choose-device.ts";
import { decide, hasHomeless } from "./decision.ts";
import type { KnownLink } from "./known-link.ts";
import { planLink } from "./link-plan.ts";
import { planDetails, planName, vlansOn } from "./link-setup.ts";
import { presentDevices, type Seen, see, withoutMissing } from "./missing-devices.ts";
import type { NetworkOptions } from "./options.ts";

/** What one plan leaves to the next. */
export interface Memory {
  readonly masters: ReadonlyMap<string, MasterProgress>;
  readonly device: DeviceChoice;
  readonly seen: Seen;
  /** Indexes of links that are being configured: they are not taken apart again. */
  readonly configured: ReadonlySet<number>;
}

export const NO_MEMORY: Memory = { masters: new Map(), device: {}, seen: new Map(), configured: new Set() };

export interface Situation {
  /** Every link that is an adapter, or that the options make. */
  readonly links: readonly KnownLink[];
  /** Every link of the machine, whose names are taken. */
  readonly all: readonly Link[];
  /** Names of the preferred primary NICs, the most preferred first. */
  readonly preferred: readonly string[];
  readonly outcomes: Outcomes;
  readonly memory: Memory;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: number;
  /** The drivers of VLANs, bonds and bridges are in; until then a link may be to be part of another. */
  readonly isPrepared: boolean;
  /** Every driver is in: a device that is not there now may never be. */
  readonly isSettled: boolean;
}

export interface Planned {
  /** To be applied in this order; after that the rest of the plan is out of date. */
  readonly changes: readonly Change[];
  /** What each link gets, by index. */
  readonly plans: ReadonlyMap<number, LinkPlan>;
  readonly memory: Memory;
  /** Milliseconds after which to plan again, whatever happens until then. */
  readonly again?: number;
}

/** The next changes, or, where there are none, the plan of each link. */
export function planNetwork(options: NetworkOptions, situation: Situation): Planned {
  const { links, memory, isPrepared } = situation;
  if (!isPrepared) {
    const waiting = links.map(({ link }) => [link.index, idleForNow("waiting for a driver")] as const);
    return { changes: [], plans: new Map(waiting), memory };
  }
  return new Planning(options, situation).plan();
}

interface Decided {
  readonly known: KnownLink;
  readonly changes: readonly Change[];
  readonly plan: LinkPlan;
}

/** One run over the links. */
class Planning {
  readonly #options: NetworkOptions;
  readonly #situation: Situation;
  readonly #masters: BondsAndBridges;
  #seen: Seen;

  constructor(options: NetworkOptions, situation: Situation) {
    this.#options = options;
    this.#situation = situation;
    this.#seen = situation.memory.seen;
    this.#masters = new BondsAndBridges(options, situation, situation.memory.masters);
  }

  plan(): Planned {
    const { links, memory } = this.#situation;
    const shaping = this.#firstOf(
      () => this.#masters.making(),
      () => this.#names(),
      () => this.#masters.addressing(),
    );
    if (shaping.length > 0) return this.#planned(shaping);
    const whole = links.filter(({ link }) => this.#masters.isWhole(link));
    const members = this.#masters.assign(whole);
    const free = whole.filter((known) => !members.some((member) => member.known === known));
    for (const { names } of whole) this.#seen = see(this.#seen, names);
    for (const { master } of members) this.#seen = see(this.#seen, [master.name]);
    const device = hasHomeless(this.#options)
      ? chooseDevice(free, memory.device, this.#situation)
      : memory.device;
    const decided = free.map((known) => this.#decide(known, device));
    const changes = this.#firstOf(
      () =>
        members.flatMap((member) => (this.#isConfigured(member.known) ? [] : this.#masters.joining(member))),
      () => decided.flatMap(({ known, changes }) => (this.#isConfigured(known) ? [] : changes)),
    );
    if (changes.length > 0) return this.#planned(changes, device);
    const waiting = idleForNow("waiting for its members");
    return this.#planned([], device, [
      ...links.map(({ link }) => [link.index, waiting] as const),
      ...members.map((member) => [member.known.link.index, this.#planMember(member)] as const),
      ...decided.map(({ known, plan }) => [known.link.index, plan] as const),
    ]);
  }

  /** The renames of the first adapter that is to get another name. */
  #names(): Change[] {
    const { links, all, outcomes } = this.#situation;
    for (const known of links.filter(({ isAdapter }) => isAdapter)) {
      const changes = this.#isConfigured(known) ? [] : planName(known, this.#options, all);
      const own = changes.at(-1);
      if (own !== undefined && !outcomes.has(keyOf(own))) return changes;
    }
    return [];
  }

  #planMember(member: Member): LinkPlan {
    return { kind: "idle", idle: "for good", text: this.#masters.describe(member) };
  }

  /** Of a link that is part of no other, and is whole. */
  #decide(known: KnownLink, device: DeviceChoice): Decided {
    const options = this.#options;
    const { isSettled } = this.#situation;
    const { link, names } = known;
    const isNamed = (wanted: string): boolean => matchesName(wanted, names);
    const present = presentDevices(options, this.#seen, (name) => this.#masters.has(name));
    const interfaces = isSettled ? withoutMissing(options.interfaces, present) : options.interfaces;
    const decision = decide({ interfaces }, { isNamed, isHome: link.index === device.index });
    const vlans = vlansOn(known, options);
    return {
      known,
      changes: [
        ...vlans.map((vlan) => ({ do: "vlan", vlan, parent: link }) as const),
        ...planDetails(link, decision),
      ],
      plan: planLink(options, decision, {
        ...{ isNamed, carried: vlans.map(({ name }) => name) },
        ...{ isWaiting: hasHomeless(options), isSettled },
      }),
    };
  }

  #isConfigured({ link }: KnownLink): boolean {
    return this.#situation.memory.configured.has(link.index);
  }

  #planned(
    changes: readonly Change[],
    device: DeviceChoice = this.#situation.memory.device,
    plans: readonly (readonly [number, LinkPlan])[] = [],
  ): Planned {
    const { memory, now } = this.#situation;
    const byIndex = new Map(plans);
    const begun = [...byIndex].filter(([, { kind }]) => kind !== "idle").map(([index]) => index);
    const waits = [...this.#masters.waits(), ...(device.due === undefined ? [] : [device.due - now])];
    return {
      changes,
      plans: byIndex,
      memory: {
        masters: this.#masters.progress,
        device,
        seen: this.#seen,
        configured: new Set([...memory.configured, ...begun]),
      },
      ...(waits.length > 0 && { again: Math.max(0, Math.min(...waits)) }),
    };
  }

  /** The changes of the first kind that has any left to try. */
  #firstOf(...kinds: readonly (() => Change[])[]): Change[] {
    for (const changesOf of kinds) {
      const left = changesOf().filter((change) => !this.#situation.outcomes.has(keyOf(change)));
      if (left.length > 0) return left;
    }
    return [];
  }
}

function idleForNow(text: string): LinkPlan {
  return { kind: "idle", idle: "for now", text };
}
