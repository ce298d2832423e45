/** Brings up every Ethernet interface there is or will be, and keeps each in its DHCP lease. */

import { existsSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";
import type { Link, LinkEvent } from "../init/kernel/kernel.ts";
import { follow } from "../init/machine/follow.ts";
import { reason } from "../init/machine/log.ts";
import type { Machine } from "../init/machine/machine.ts";
import { applyLease, withdrawLease } from "./dhcp/apply.ts";
import { type DhcpClient, startDhcpClient } from "./dhcp/client.ts";
import type { Lease } from "./dhcp/lease.ts";
import type { State } from "./dhcp/state.ts";
import { describeAdapter, findAdapter } from "./modules/adapter.ts";

/** ARPHRD_ETHER and ARPHRD_LOOPBACK, linux/if_arp.h. */
const ETHERNET = 1;
const LOOPBACK = 772;
/** Of the first interface that gets a lease; each later one gets a higher metric, so that earlier routes win. */
const FIRST_METRIC = 100;

export interface Nic {
  readonly link: Link;
  /** The hardware under it: "0000:00:03.0 8086:100e e1000". */
  readonly device: string;
  /** What its DHCP client is at, for a person; or why there is none. */
  readonly text: string;
  /** State of its DHCP client in the words of RFC 2131. */
  readonly state: State["at"];
  /** Seconds since the kernel started at which it came into this state. */
  readonly since: number;
  readonly lease?: Lease;
  readonly leasedAt?: number;
}

export interface NetworkProbe {
  /** Every Ethernet interface, by index. */
  nics(): readonly Nic[];
  /** The interface whose address makes this a node: the first that got a lease, as long as it has one. */
  clusterNic(): Nic | undefined;
  /** Resolves at the first usable lease. */
  readonly leased: Promise<void>;
}

export interface NetworkOptions {
  /** Sent to the servers. */
  readonly hostname?: string;
  readonly signal: AbortSignal;
  /** Called after every change of what the probe answers. */
  readonly changed: (probe: NetworkProbe) => void;
}

interface Entry extends Nic {
  /** Of its routes, as long as it has this lease. */
  readonly metric?: number;
  readonly client?: DhcpClient;
  readonly stop: AbortController;
}

/** Starts on all interfaces at once and follows them until the signal. */
export function startNetwork(
  { kernel: { network }, root, log }: Pick<Machine, "kernel" | "root" | "log">,
  { hostname, signal, changed }: NetworkOptions,
): NetworkProbe {
  const entries = new Map<number, Entry>();
  const leased = Promise.withResolvers<void>();
  let cluster: number | undefined;
  const nics = (): readonly Nic[] => [...entries.values()].toSorted((a, b) => a.link.index - b.link.index);
  const clusterNic = (): Nic | undefined => (cluster === undefined ? undefined : entries.get(cluster));
  const probe: NetworkProbe = { nics, clusterNic, leased: leased.promise };

  function update(index: number, change: Partial<Entry>): void {
    const entry = entries.get(index);
    if (entry === undefined) return;
    entries.set(index, { ...entry, ...change });
    changed(probe);
  }

  function showState(index: number, text: string): void {
    const { client, state: before, since } = entries.get(index) ?? {};
    const state = client?.state ?? "INIT";
    update(index, { text, state, since: state === before && since !== undefined ? since : uptime() });
  }

  function begin(link: Link): void {
    const stop = new AbortController();
    const adapter = findAdapter(root, link.name);
    const device = adapter === undefined ? "" : describeAdapter(adapter);
    log.info(`${device} → ${link.name}`);
    const entry: Entry = { link, device, text: "coming up", state: "INIT", since: uptime(), stop };
    entries.set(link.index, entry);
    try {
      // Before it is up: its first multicast joins would cost some adapters a second of deafness.
      setIpv6(root, link.name, false);
      network.setLink(link.index, { up: true });
      const client = startDhcpClient({
        link,
        carrier: link.carrier,
        network,
        ...(hostname && { hostname }),
        log,
        signal: AbortSignal.any([signal, stop.signal]),
        onLease: (lease) => takeLease(link, lease),
        onState: (text) => showState(link.index, text),
      });
      entries.set(link.index, { ...(entries.get(link.index) ?? entry), client });
    } catch (error) {
      log.warn(`Cannot use ${link.name}: ${reason(error)}, skipping`);
      update(link.index, { text: reason(error) });
    }
    changed(probe);
  }

  function takeLease(link: Link, lease: Lease | undefined): void {
    const { lease: previous, leasedAt: _, metric: known, ...rest } = entries.get(link.index)!;
    const metric = known ?? nextMetric();
    if (lease !== undefined) {
      applyLease(network, link, lease, { metric, log, ...(previous && { previous }) });
      setIpv6(root, link.name, true);
      cluster ??= link.index;
      update(link.index, { lease, leasedAt: uptime(), metric });
      leased.resolve();
    } else if (previous !== undefined) {
      withdrawLease(network, link, previous, { metric, log });
      entries.set(link.index, rest);
      leaveCluster(link.index);
      changed(probe);
    }
  }

  /** Of the interfaces that have a lease: the one that leads to the cluster has the lowest. */
  function metrics(): number[] {
    return [...entries.values()].flatMap(({ metric }) => metric ?? []);
  }

  function nextMetric(): number {
    return Math.max(FIRST_METRIC - 1, ...metrics()) + 1;
  }

  /** The one whose routes win from now on takes the place of an interface that has lost its lease. */
  function leaveCluster(index: number): void {
    if (cluster !== index) return;
    const lowest = Math.min(...metrics());
    cluster = nics().find((nic) => entries.get(nic.link.index)?.metric === lowest)?.link.index;
  }

  function take(link: Link): void {
    if (link.type === LOOPBACK && !link.up) network.setLink(link.index, { up: true });
    const entry = entries.get(link.index);
    if (entry === undefined) {
      if (isEthernetAdapter(root, link)) begin(link);
      return;
    }
    const before = entry.link.carrier;
    update(link.index, { link });
    if (before !== link.carrier) entry.client?.carrier(link.carrier);
  }

  function forget({ index }: Link): void {
    const entry = entries.get(index);
    if (entry === undefined) return;
    entry.stop.abort();
    entries.delete(index);
    leaveCluster(index);
    log.info(`${entry.link.name} is gone`);
    changed(probe);
  }

  function look(): void {
    const links = network.links();
    const there = new Set(links.map(({ index }) => index));
    for (const { link } of nics()) if (!there.has(link.index)) forget(link);
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

/** Bridges, bonds and tunnels have no device behind them and are nobody's to configure. */
function isEthernetAdapter(root: string, { type, name }: Link): boolean {
  return type === ETHERNET && existsSync(`${root}/sys/class/net/${name}/device`);
}

/** Documentation/networking/ip-sysctl.rst; absent on a kernel without IPv6. */
function setIpv6(root: string, name: string, on: boolean): void {
  try {
    writeFileSync(`${root}/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, on ? "0\n" : "1\n");
  } catch {
    // The interface went away or knows no IPv6; IPv4 does not depend on it.
  }
}
