/** Brings up every NIC that is ours to configure, now or later, and says which one makes this a node. */

import { follow } from "../system/follow.ts";
import type { Link, LinkEvent } from "../system/kernel/kernel.ts";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { separateInterfaces } from "./network/arp.ts";
import type { NetworkChange } from "./network/change.ts";
import { NetworkInterface } from "./network/interface.ts";
import { matchesName } from "./network/names.ts";
import type { Nic } from "./network/nic.ts";
import { type LinkPlan, type NetworkPlan, planHardware } from "./network/plan.ts";
import { PrimaryNic } from "./network/primary-nic.ts";
import type { NetworkProbe, NetworkProbeOptions } from "./network/probe.ts";
import { listMissing, listProblems } from "./network/problems.ts";
import { SteadyCarriers } from "./network/steady-carrier.ts";

export type { NetworkProbe, NetworkProbeOptions } from "./network/probe.ts";

/** ARPHRD_LOOPBACK, linux/if_arp.h. */
const LOOPBACK = 772;
/** Metric of routes: another NIC adds its index to the second, so that the primary NIC's routes win. */
const PRIMARY_METRIC = 100;
const OTHER_METRIC = 200;

/** Starts on all links at once and keeps up with them until the signal. */
export function startNetwork(
  machine: Pick<Machine, "kernel" | "root" | "log">,
  options: NetworkProbeOptions,
): NetworkProbe {
  const manager = new NetworkManager(machine, options);
  manager.start();
  return manager;
}

class NetworkManager implements NetworkProbe {
  readonly #machine: Pick<Machine, "kernel" | "root" | "log">;
  readonly #options: NetworkProbeOptions;
  readonly #plan: NetworkPlan;
  readonly #interfaces = new Map<number, NetworkInterface>();
  readonly #carriers = new SteadyCarriers();
  /** Plans that a person ordered, by the name of the link. */
  readonly #ordered = new Map<string, LinkPlan>();
  readonly #leased = Promise.withResolvers<void>();
  readonly #primary: PrimaryNic;
  #isStale = false;
  #timer: Timer | undefined;

  constructor(machine: Pick<Machine, "kernel" | "root" | "log">, options: NetworkProbeOptions) {
    const { preferredNics = [], signal } = options;
    this.#machine = machine;
    this.#options = options;
    this.#plan = options.plan ?? planHardware(machine.root);
    this.#primary = new PrimaryNic({ preferredNics, signal, again: () => this.#update([]) });
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  get leased(): Promise<void> {
    return this.#leased.promise;
  }

  start(): void {
    const { driversSettled, signal } = this.#options;
    const { kernel, root, log } = this.#machine;
    separateInterfaces(root);
    this.#plan.watch?.(() => this.#lookAgain());
    const complete = (): void => this.#complete();
    if (driversSettled === undefined) this.#primary.complete();
    else void driversSettled.then(complete, complete);
    void follow({
      name: "follow the network interfaces",
      events: (until) => kernel.network.linkEvents(until),
      handle: (event) => this.#handle(event),
      look: () => this.#look(),
      log,
      signal,
    });
  }

  nics(): readonly Nic[] {
    const nics = [...this.#interfaces.values()].map(({ nic }) => nic);
    return nics.toSorted((a, b) => a.link.index - b.link.index);
  }

  primaryNic(): Nic | undefined {
    return this.#interfaces.get(this.#primary.index ?? -1)?.nic;
  }

  choice(): string | undefined {
    const { index, reason: why } = this.#primary;
    return this.#interfaces.size > 1 && index !== undefined ? why : undefined;
  }

  problems(): readonly string[] {
    return listProblems(this.nics(), { missing: this.#primary.missing, plan: this.#plan });
  }

  async release(): Promise<void> {
    await Promise.all([...this.#interfaces.values()].map((each) => each.release()));
  }

  configure(name: string, wanted: LinkPlan): void {
    const { link } = this.#named(name);
    const planned = this.#plan.forLink(link);
    // The command line's additions to DHCP stay in force when a person orders DHCP again.
    const isDhcp = wanted.kind === "dhcp" && planned.kind === "dhcp";
    this.#ordered.set(link.name, isDhcp ? { ...planned, ...wanted } : wanted);
    this.#interfaces.get(link.index)?.withdraw();
    this.#interfaces.get(link.index)?.stop();
    this.#interfaces.delete(link.index);
    this.#begin(link);
  }

  makePrimary(name: string): void {
    const { link } = this.#named(name);
    this.#primary.prefer({ option: `clump nic ${link.name}`, name: link.name });
    this.#update([]);
  }

  /** Takes in changes of the NICs, chooses the primary NIC anew, and notifies. */
  #update(changes: readonly NetworkChange[]): void {
    const { log } = this.#machine;
    const isAnother = this.#primary.update(this.nics());
    for (const [index, each] of this.#interfaces)
      each.setMetric(index === this.#primary.index ? PRIMARY_METRIC : OTHER_METRIC + index);
    const nic = this.primaryNic();
    if (isAnother && nic !== undefined)
      log.info(`${nic.link.name} is the primary NIC: ${this.#primary.reason}`);
    if (nic !== undefined) this.#leased.resolve();
    const { changed, refreshed } = this.#options;
    for (const change of isAnother ? [...changes, { kind: "primary", nic } as const] : changes)
      changed(this, change);
    refreshed?.(this);
  }

  #named(name: string): Nic {
    const nics = this.nics();
    const nic = nics.find(({ link, names }) => link.name === name || matchesName(name, names));
    if (nic !== undefined) return nic;
    const here = nics.map(({ link }) => link.name);
    const others = here.length === 0 ? "there is none" : `${here.join(" or ")} was wanted`;
    throw new RangeError(`Cannot set up ${name}: no network interface has that name, ${others}`);
  }

  #begin(link: Link): void {
    const plan = this.#ordered.get(link.name) ?? this.#plan.forLink(link);
    if (plan.kind === "none") return;
    const { bootedFrom, nameAt, signal } = this.#options;
    const added = new NetworkInterface(this.#machine, link, {
      plan,
      ...(bootedFrom && { bootedFrom }),
      ...(nameAt && { nameAt }),
      metric: OTHER_METRIC + link.index,
      signal,
      changed: (changes) => this.#update(changes),
    });
    this.#interfaces.set(link.index, added);
    added.start();
    this.#update([{ kind: "nic", nic: added.nic }]);
  }

  /** Events of links come in bursts: the links are looked at once for all events of a turn of the event loop. */
  #handle({ kind, link }: LinkEvent): void {
    if (kind === "changed") this.#carriers.see(link, performance.now());
    if (!this.#isStale) setImmediate(() => this.#lookAgain());
    this.#isStale = true;
  }

  #lookAgain(): void {
    this.#isStale = false;
    if (this.#options.signal.aborted) return;
    try {
      this.#look();
    } catch (error) {
      this.#machine.log.warn(`Cannot look at the network interfaces again: ${reason(error)}, ignoring`);
    }
  }

  /** @throws SyscallError */
  #look(): void {
    const { kernel, log } = this.#machine;
    this.#plan.reconcile?.();
    const links = kernel.network.links();
    const there = new Set(links.map(({ index }) => index));
    for (const index of this.#interfaces.keys()) if (!there.has(index)) this.#forget(index);
    const now = performance.now();
    for (const link of links) this.#take(this.#carriers.see(link, now));
    this.#carriers.keep(links);
    const ours = links.filter(({ index }) => this.#interfaces.has(index));
    for (const sentence of this.#carriers.report(ours, now)) log.warn(sentence);
    this.#setTimer(this.#carriers.wait(now));
  }

  #take(link: Link): void {
    if (link.type === LOOPBACK && !link.up) this.#machine.kernel.network.setLink(link.index, { up: true });
    const known = this.#interfaces.get(link.index);
    if (known === undefined) this.#begin(link);
    else known.update(link);
    if (known?.isIdle) known.replan(this.#plan.forLink(link));
  }

  #forget(index: number): void {
    const gone = this.#interfaces.get(index);
    if (gone === undefined) return;
    gone.stop();
    this.#interfaces.delete(index);
    this.#machine.log.info(`${gone.nic.link.name} is gone`);
    this.#update([{ kind: "nic", nic: gone.nic }]);
  }

  #setTimer(milliseconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (milliseconds === undefined || this.#options.signal.aborted) return;
    // Rounded up: an early timer would find nothing to do but to be set again.
    this.#timer = setTimeout(() => this.#lookAgain(), Math.ceil(milliseconds));
  }

  #complete(): void {
    this.#primary.complete();
    // Every other problem was logged where it was found.
    for (const problem of listMissing(this.#primary.missing, this.nics())) this.#machine.log.warn(problem);
    this.#update([{ kind: "problem" }]);
  }
}
