/** Brings the interfaces into the shape that was asked for, as they appear, and says how each is configured. */

import type { Link } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { matchesName, namesOf } from "../network/names.ts";
import { type LinkPlan, type NetworkPlan, planHardware } from "../network/plan.ts";
import { Masters } from "./bonds-and-bridges.ts";
import { Home } from "./choose-device.ts";
import { decide, hasHomeless } from "./decision.ts";
import { loadDriver } from "./driver.ts";
import { planLink } from "./link-plan.ts";
import { Shaper } from "./link-setup.ts";
import { Presence } from "./missing-devices.ts";
import type { NetworkOptions } from "./options.ts";

export interface LayoutOptions {
  /** Names of the preferred primary NICs, the most preferred first. */
  readonly preferred: readonly string[];
  /** Resolves when every driver is in: an interface that is not there then may never be. */
  readonly settled?: Promise<unknown>;
  readonly signal: AbortSignal;
}

type Surroundings = Pick<Machine, "kernel" | "root" | "log" | "children">;

/** The plan of the words; it loads the drivers of VLANs, bonds and bridges in the background. */
export function createLayout(
  machine: Surroundings,
  requested: NetworkOptions,
  options: LayoutOptions,
): NetworkPlan {
  const layout = new Layout(machine, requested, options);
  const prepared = layout.prepare();
  if (options.settled) void Promise.allSettled([prepared, options.settled]).then(() => layout.settle());
  return layout;
}

class Layout implements NetworkPlan {
  readonly #machine: Surroundings;
  readonly #requested: NetworkOptions;
  readonly #hardware: NetworkPlan;
  readonly #masters: Masters;
  readonly #shaper: Shaper;
  readonly #home: Home | undefined;
  readonly #presence: Presence;
  /** Until then nothing is begun with an interface: it may be to be part of another. */
  #isPrepared: boolean;
  #isSettled = false;
  readonly #problems = new Set<string>();
  /** Of adapters by index, as they were found: a bond gives its members another one, and so may `ip=`. */
  readonly #addresses = new Map<number, Uint8Array>();
  #again = (): void => {};

  constructor(machine: Surroundings, requested: NetworkOptions, { preferred, signal }: LayoutOptions) {
    const { root, kernel } = machine;
    this.#presence = new Presence(requested, (name) => this.#masters.has(name));
    this.#isPrepared = [requested.vlans, requested.bonds, requested.bridges].every(
      (list) => list.length === 0,
    );
    this.#machine = machine;
    this.#requested = requested;
    this.#hardware = planHardware(root);
    const complain = (what: string, error: unknown): void => this.#complain(what, error);
    const common = { network: kernel.network, root, signal, again: () => this.#again() };
    this.#masters = new Masters(requested, { ...common, complain });
    this.#shaper = new Shaper(requested, { network: kernel.network, complain });
    const isCandidate = (link: Link): boolean => this.#isFree(link);
    this.#home = hasHomeless(requested) ? new Home({ ...common, preferred, isCandidate }) : undefined;
  }

  /** Makes bonds and bridges, once their drivers are in. Never throws. */
  async prepare(): Promise<void> {
    const { vlans, bonds, bridges } = this.#requested;
    if (this.#isPrepared) return;
    await Promise.all([
      vlans.length > 0 && this.#load(["8021q"]),
      // By itself it would make a bond0, in balance-rr.
      bonds.length > 0 && this.#load(["bonding", "max_bonds=0"]),
      bridges.length > 0 && this.#load(["bridge"]),
    ]);
    this.#masters.make();
    this.#isPrepared = true;
    this.#again();
  }

  /** From now on what names an interface that is not there counts for nothing: where all does, DHCP steps in. */
  settle(): void {
    this.#isSettled = true;
    for (const problem of this.#presence.problems()) this.#machine.log.warn(problem);
    this.#again();
  }

  forLink(link: Link): LinkPlan {
    const isAdapter = this.#isAdapter(link);
    if (!isAdapter && !this.#isMade(link)) return { kind: "none" };
    if (!this.#isPrepared) return idleForNow("waiting for a driver");
    const names = this.#namesOf(link);
    if (isAdapter && this.#shaper.rename(this.#asFound(link))) return idleForNow("getting another name");
    if (this.#masters.has(link.name) && !this.#masters.isReady(link)) {
      return idleForNow("waiting for its members");
    }
    this.#presence.note(names);
    const master = this.#masters.nameFor(names, isAdapter);
    if (master !== undefined) {
      this.#presence.note([master]);
      const text = this.#masters.join(link, { name: master, names });
      return { kind: "idle", idle: "for good", text };
    }
    return this.#planFree(link, names);
  }

  watch(again: () => void): void {
    this.#again = again;
  }

  problems(): readonly string[] {
    return [...this.#problems, ...(this.#isSettled ? this.#presence.problems() : [])];
  }

  /** Of one that is part of no other, and is whole. */
  #planFree(link: Link, names: readonly string[]): LinkPlan {
    const carried = this.#shaper.makeVlans(link, names);
    const isNamed = (device: string): boolean => matchesName(device, names);
    const isHome = this.#home?.is(link) ?? false;
    const { interfaces } = this.#requested;
    const counting = this.#isSettled ? this.#presence.present(interfaces) : interfaces;
    const decision = decide({ interfaces: counting }, { isNamed, isHome });
    if (this.#shaper.changeAddress(link, decision)) return idleForNow("getting another MAC");
    this.#shaper.setMtu(link, decision);
    return planLink(this.#requested, decision, {
      ...{ isNamed, carried },
      ...{ isWaiting: this.#home !== undefined, isSettled: this.#isSettled },
    });
  }

  #isAdapter(link: Link): boolean {
    return this.#hardware.forLink(link).kind === "dhcp";
  }

  /** Whether it is a bond, a bridge or a VLAN of ours. */
  #isMade({ name }: Link): boolean {
    return this.#masters.has(name) || this.#requested.vlans.some((vlan) => vlan.name === name);
  }

  #isFree(link: Link): boolean {
    const isAdapter = this.#isAdapter(link);
    if (!isAdapter && !this.#isMade(link)) return false;
    return this.#masters.nameFor(this.#namesOf(link), isAdapter) === undefined;
  }

  /** By hardware only adapters are known: a VLAN has the address of what it is on, and a bond or a bridge that of a member. */
  #namesOf(link: Link): string[] {
    if (!this.#isAdapter(link)) return [link.name];
    return namesOf(this.#machine.root, this.#asFound(link));
  }

  /** With the hardware address that it had at first. */
  #asFound(link: Link): Link {
    const address = this.#addresses.get(link.index) ?? link.address;
    this.#addresses.set(link.index, address);
    return { ...link, address };
  }

  async #load(command: readonly string[]): Promise<void> {
    try {
      await loadDriver(this.#machine.children, command);
    } catch (error) {
      this.#complain(`load the driver ${command[0]}`, error);
    }
  }

  #complain(what: string, error: unknown): void {
    const problem = `Cannot ${what}: ${reason(error)}`;
    if (this.#problems.has(problem)) return;
    this.#problems.add(problem);
    this.#machine.log.warn(`${problem}, ignoring`);
  }
}

function idleForNow(text: string): LinkPlan {
  return { kind: "idle", idle: "for now", text };
}
