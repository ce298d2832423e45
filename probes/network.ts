/** Brings up every interface that is ours to configure, now or later, and says which one makes this a node. */

import { follow } from "../system/follow.ts";
import type { Link, LinkEvent } from "../system/kernel/kernel.ts";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { separateInterfaces } from "./network/arp.ts";
import { NetworkInterface } from "./network/interface.ts";
import { matchesName } from "./network/names.ts";
import type { Nic } from "./network/nic.ts";
import { type LinkPlan, type NetworkPlan, planHardware } from "./network/plan.ts";
import { type PreferredNic, PrimaryNic } from "./network/primary-nic.ts";
import { listMissing, listProblems } from "./network/problems.ts";

/** ARPHRD_LOOPBACK, linux/if_arp.h. */
const LOOPBACK = 772;
/** Of the cluster's interface; any other has the second with its index added, so that the first one's routes win. */
const PRIMARY_METRIC = 100;
const OTHER_METRIC = 200;

export interface NetworkProbe {
  /** Every interface that is ours to configure, by index. */
  nics(): readonly Nic[];
  /** The interface whose address makes this a node. */
  primaryNic(): Nic | undefined;
  /** Why it is this one, where there are several. */
  choice(): string | undefined;
  /** What keeps the network from being as it was asked for. */
  problems(): readonly string[];
  /** Gives every lease back to its server, and ends. */
  release(): Promise<void>;
  /** Resolves when there is a first cluster NIC. */
  readonly leased: Promise<void>;
  /**
   * Has an interface, by any of its names, configured in another way from now on.
   * @throws RangeError where there is none of that name
   */
  configure(name: string, plan: LinkPlan): void;
  /**
   * Has an interface, by any of its names, make the node from now on, as soon as it has an address.
   * @throws RangeError where there is none of that name
   */
  makePrimary(name: string): void;
}

export interface NetworkProbeOptions {
  /** Which interfaces are configured how; by DHCP all hardware when absent. */
  readonly plan?: NetworkPlan;
  /** NICs that the command line prefers as primary NIC, in order of preference. */
  readonly preferredNics?: readonly PreferredNic[];
  /** The interface from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  /** Resolves when every driver is in; at once when absent. */
  readonly driversSettled?: Promise<void>;
  /** Sent to the servers. */
  readonly hostname?: string;
  readonly signal: AbortSignal;
  /** Called after every change of what the probe answers. */
  readonly changed: (probe: NetworkProbe) => void;
}

/** Starts on all interfaces at once and follows them until the signal. */
export function startNetwork(
  machine: Pick<Machine, "kernel" | "root" | "log">,
  options: NetworkProbeOptions,
): NetworkProbe {
  const {
    plan = planHardware(machine.root),
    preferredNics = [],
    bootedFrom,
    hostname,
    signal,
    changed,
  } = options;
  const { kernel, log } = machine;
  const { network } = kernel;
  const interfaces = new Map<number, NetworkInterface>();
  const byHand = new Map<string, LinkPlan>();
  const leased = Promise.withResolvers<void>();
  const primary = new PrimaryNic({ preferredNics, signal, again: update });
  const nics = (): readonly Nic[] =>
    [...interfaces.values()].map(({ nic }) => nic).toSorted((a, b) => a.link.index - b.link.index);
  const primaryNic = (): Nic | undefined => interfaces.get(primary.index ?? -1)?.nic;
  const probe: NetworkProbe = {
    nics,
    primaryNic,
    choice: () => (interfaces.size > 1 && primary.index !== undefined ? primary.reason : undefined),
    problems: () => listProblems(nics(), { missing: primary.missing, plan }),
    async release() {
      await Promise.all([...interfaces.values()].map((each) => each.release()));
    },
    leased: leased.promise,
    configure,
    makePrimary(name) {
      const { link } = named(name);
      primary.prefer({ option: `clump nic ${link.name}`, name: link.name });
      update();
    },
  };

  function update(): void {
    const hasChanged = primary.update(nics());
    for (const [index, each] of interfaces) {
      each.setMetric(index === primary.index ? PRIMARY_METRIC : OTHER_METRIC + index);
    }
    const nic = primaryNic();
    if (hasChanged && nic !== undefined) log.info(`${nic.link.name} is the primary NIC: ${primary.reason}`);
    if (nic !== undefined) leased.resolve();
    changed(probe);
  }

  function named(name: string): Nic {
    const nic = nics().find(({ link, names }) => link.name === name || matchesName(name, names));
    if (nic !== undefined) return nic;
    const here = nics().map(({ link }) => link.name);
    const others = here.length === 0 ? "there is none" : `${here.join(" or ")} was wanted`;
    throw new RangeError(`Cannot set up ${name}: no network interface has that name, ${others}`);
  }

  function configure(name: string, wanted: LinkPlan): void {
    const { link } = named(name);
    const planned = plan.forLink(link);
    // What the command line adds to DHCP holds also where a person asks for it again.
    byHand.set(
      link.name,
      wanted.kind === "dhcp" && planned.kind === "dhcp" ? { ...planned, ...wanted } : wanted,
    );
    interfaces.get(link.index)?.withdraw();
    interfaces.get(link.index)?.stop();
    interfaces.delete(link.index);
    begin(link);
  }

  function begin(link: Link): void {
    const linkPlan = byHand.get(link.name) ?? plan.forLink(link);
    if (linkPlan.kind === "none") return;
    const added = new NetworkInterface(machine, link, {
      plan: linkPlan,
      ...(bootedFrom && { bootedFrom }),
      ...(hostname && { hostname }),
      metric: OTHER_METRIC + link.index,
      signal,
      changed: update,
    });
    interfaces.set(link.index, added);
    added.start();
    update();
  }

  function take(link: Link): void {
    if (link.type === LOOPBACK && !link.up) network.setLink(link.index, { up: true });
    const known = interfaces.get(link.index);
    if (known === undefined) begin(link);
    else known.follow(link);
    if (known?.isIdle) known.replan(plan.forLink(link));
  }

  function forget({ index }: Pick<Link, "index">): void {
    const gone = interfaces.get(index);
    if (gone === undefined) return;
    gone.stop();
    interfaces.delete(index);
    log.info(`${gone.nic.link.name} is gone`);
    update();
  }

  function look(): void {
    const links = network.links();
    const there = new Set(links.map(({ index }) => index));
    for (const index of interfaces.keys()) if (!there.has(index)) forget({ index });
    for (const link of links) take(link);
  }

  function lookAgain(): void {
    try {
      look();
    } catch (error) {
      log.warn(`Cannot look at the network interfaces again: ${reason(error)}, ignoring`);
    }
  }

  function handle({ kind, link }: LinkEvent): void {
    if (kind === "changed") {
      take(link);
      return;
    }
    forget(link);
    // What was left alone because of that one may have its place now.
    for (const each of interfaces.values()) if (each.isIdle) each.replan(plan.forLink(each.nic.link));
  }

  function complete(): void {
    primary.complete();
    // Of the other problems whoever found them has said it.
    for (const problem of listMissing(primary.missing, nics())) log.warn(problem);
    update();
  }

  separateInterfaces(machine.root);
  plan.watch?.(lookAgain);
  const { driversSettled } = options;
  if (driversSettled === undefined) primary.complete();
  else void driversSettled.then(complete, complete);
  const events = (until: AbortSignal): AsyncIterable<LinkEvent> => network.linkEvents(until);
  void follow({ name: "follow the network interfaces", events, handle, look, log, signal });
  return probe;
}
