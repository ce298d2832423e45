/** Brings up every interface that is ours to configure, now or later, and says which one makes this a node. */

import type { Link, LinkEvent } from "../init/kernel/kernel.ts";
import { follow } from "../init/machine/follow.ts";
import type { Machine } from "../init/machine/machine.ts";
import { NetworkInterface } from "./network/interface.ts";
import type { Nic } from "./network/nic.ts";
import { type NetworkPlan, planHardware } from "./network/plan.ts";

/** ARPHRD_LOOPBACK, linux/if_arp.h. */
const LOOPBACK = 772;
/** Of the cluster's interface; any other has the second with its index added, so that the first one's routes win. */
const CLUSTER_METRIC = 100;
const OTHER_METRIC = 200;

export interface NetworkProbe {
  /** Every interface that is ours to configure, by index. */
  nics(): readonly Nic[];
  /** The interface whose address makes this a node: the first that got a lease, as long as it has one. */
  clusterNic(): Nic | undefined;
  /** Resolves at the first usable lease. */
  readonly leased: Promise<void>;
}

export interface NetworkOptions {
  /** Which interfaces are configured how; by DHCP all hardware when absent. */
  readonly plan?: NetworkPlan;
  /** Sent to the servers. */
  readonly hostname?: string;
  readonly signal: AbortSignal;
  /** Called after every change of what the probe answers. */
  readonly changed: (probe: NetworkProbe) => void;
}

/** Starts on all interfaces at once and follows them until the signal. */
export function startNetwork(
  machine: Pick<Machine, "kernel" | "root" | "log">,
  { plan = planHardware(machine.root), hostname, signal, changed }: NetworkOptions,
): NetworkProbe {
  const { kernel, log } = machine;
  const { network } = kernel;
  const interfaces = new Map<number, NetworkInterface>();
  const leased = Promise.withResolvers<void>();
  let cluster: number | undefined;
  const nics = (): readonly Nic[] =>
    [...interfaces.values()].map(({ nic }) => nic).toSorted((a, b) => a.link.index - b.link.index);
  const clusterNic = (): Nic | undefined =>
    cluster === undefined ? undefined : interfaces.get(cluster)?.nic;
  const probe: NetworkProbe = { nics, clusterNic, leased: leased.promise };

  function update(): void {
    choose();
    changed(probe);
  }

  /** Stays with the interface it has, for with the address the node's number would change. */
  function choose(): void {
    if (clusterNic()?.lease === undefined) {
      const candidates = nics().filter(({ lease }) => lease !== undefined);
      cluster = candidates.toSorted((a, b) => (a.leasedAt ?? 0) - (b.leasedAt ?? 0))[0]?.link.index;
    }
    for (const [index, each] of interfaces) {
      each.setMetric(index === cluster ? CLUSTER_METRIC : OTHER_METRIC + index);
    }
    if (cluster !== undefined) leased.resolve();
  }

  function begin(link: Link): void {
    const linkPlan = plan.forLink(link);
    if (linkPlan.kind === "none") return;
    const added = new NetworkInterface(machine, link, {
      plan: linkPlan,
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

  function handle({ kind, link }: LinkEvent): void {
    if (kind === "changed") take(link);
    else forget(link);
  }

  const events = (): AsyncIterable<LinkEvent> => network.linkEvents(signal);
  void follow({ name: "follow the network interfaces", events, handle, look, log, signal });
  return probe;
}
