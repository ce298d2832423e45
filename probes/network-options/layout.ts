/** Brings the links of a machine into the shape that the command line asks for, as they appear. */

import { formatMac } from "../../system/address/mac.ts";
import type { Link } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { findHardware } from "../network/nic.ts";
import { isAdapter, type LinkPlan, type NetworkPlan } from "../network/plan.ts";
import { applyChanges } from "./apply.ts";
import { loadDriver } from "./driver.ts";
import type { KnownLink } from "./known-link.ts";
import { describeMissing } from "./missing-devices.ts";
import type { NetworkOptions } from "./options.ts";
import { type Memory, NO_MEMORY, type Planned, planNetwork } from "./plan.ts";

/** Each change is tried once on each link, but links that come and go without end must not hold process 1. */
const MOST_ROUNDS = 100;

export interface LayoutOptions {
  /** Names of the preferred primary NICs, the most preferred first. */
  readonly preferred: readonly string[];
  /** Resolves when every driver is in: a device that is not there then may never be. */
  readonly settled?: Promise<unknown>;
  readonly signal: AbortSignal;
}

type Surroundings = Pick<Machine, "kernel" | "root" | "log" | "children">;

/** The plan of the options; loads the drivers of VLANs, bonds and bridges in the background. */
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
  readonly #options: LayoutOptions;
  #isPrepared: boolean;
  #isSettled = false;
  #memory: Memory = NO_MEMORY;
  #plans: ReadonlyMap<number, LinkPlan> = new Map();
  readonly #outcomes = new Map<string, string | undefined>();
  readonly #problems = new Set<string>();
  /** Hardware addresses of links by index, as they were found. */
  readonly #found = new Map<number, Uint8Array>();
  #timer: Timer | undefined;
  #again = (): void => {};

  constructor(machine: Surroundings, requested: NetworkOptions, options: LayoutOptions) {
    const { vlans, bonds, bridges } = requested;
    this.#isPrepared = [vlans, bonds, bridges].every((list) => list.length === 0);
    this.#machine = machine;
    this.#requested = requested;
    this.#options = options;
    options.signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** Loads the drivers that no device asks for. Never throws. */
  async prepare(): Promise<void> {
    const { vlans, bonds, bridges } = this.#requested;
    if (this.#isPrepared) return;
    await Promise.all([
      vlans.length > 0 && this.#load(["8021q"]),
      // By itself the driver would make a bond0, in balance-rr.
      bonds.length > 0 && this.#load(["bonding", "max_bonds=0"]),
      bridges.length > 0 && this.#load(["bridge"]),
    ]);
    this.#isPrepared = true;
    this.#again();
  }

  /** From now on an option for a device that is missing counts for nothing: where all are missing, DHCP steps in. */
  settle(): void {
    this.#isSettled = true;
    this.#again();
    for (const problem of this.#missing()) this.#machine.log.warn(problem);
  }

  /** Plans and applies until no change is left. @throws SyscallError where the links cannot be listed */
  reconcile(): void {
    // A link may be refused by a bond now, and taken later.
    for (const [key, why] of this.#outcomes)
      if (key.startsWith("join ") && why !== undefined) this.#outcomes.delete(key);
    let planned = this.#plan();
    for (let round = 0; planned.changes.length > 0 && round < MOST_ROUNDS; round++) {
      this.#apply(planned);
      planned = this.#plan();
    }
    this.#plans = planned.plans;
    this.#setTimer(planned.again);
  }

  forLink({ index }: Link): LinkPlan {
    return this.#plans.get(index) ?? { kind: "none" };
  }

  watch(again: () => void): void {
    this.#again = again;
  }

  problems(): readonly string[] {
    return [...this.#problems, ...(this.#isSettled ? this.#missing() : [])];
  }

  #plan(): Planned {
    const all = this.#machine.kernel.network.links();
    const planned = planNetwork(this.#requested, {
      all,
      links: all.flatMap((link) => this.#know(link)),
      preferred: this.#options.preferred,
      outcomes: this.#outcomes,
      memory: this.#memory,
      now: performance.now(),
      isPrepared: this.#isPrepared,
      isSettled: this.#isSettled,
    });
    this.#memory = planned.memory;
    return planned;
  }

  #apply({ changes }: Planned): void {
    const { kernel, root } = this.#machine;
    const complain = (what: string, error: unknown): void => this.#complain(what, error);
    const outcomes = applyChanges(changes, { network: kernel.network, root, complain });
    for (const [key, why] of outcomes) this.#outcomes.set(key, why);
  }

  /** Links that options may mean: adapters, and those that the options themselves make. */
  #know(link: Link): KnownLink[] {
    const { root } = this.#machine;
    const address = this.#found.get(link.index) ?? link.address;
    this.#found.set(link.index, address);
    const mac = formatMac(address);
    if (isAdapter(root, link)) {
      const { bus, place, names } = findHardware(root, { ...link, address });
      return [{ link, isAdapter: true, mac, bus, place, names }];
    }
    // A VLAN has the address of its parent, and a bond or bridge that of a member: only its name means it.
    const names = [link.name];
    return this.#isMade(link)
      ? [{ link, isAdapter: false, mac, bus: "built in", place: [link.name, mac], names }]
      : [];
  }

  #isMade({ name }: Link): boolean {
    const { vlans } = this.#requested;
    return this.#hasMaster(name) || vlans.some((vlan) => vlan.name === name);
  }

  #hasMaster(name: string): boolean {
    const key = `make ${name}`;
    return this.#outcomes.has(key) && this.#outcomes.get(key) === undefined;
  }

  #missing(): string[] {
    return describeMissing(this.#requested, this.#memory.seen, (name) => this.#hasMaster(name));
  }

  #setTimer(milliseconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (milliseconds === undefined || this.#options.signal.aborted) return;
    // Rounded up: an early timer would find nothing to do but to be set again.
    this.#timer = setTimeout(() => this.#again(), Math.ceil(milliseconds));
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
