/** Puts a lease on its interface, and takes it off. */

import { isInNetwork } from "../../system/address/ipv4.ts";
import type { InterfaceAddress, Link, Network, Route } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { type Log, reason } from "../../system/log.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { ClasslessRoute } from "../dhcp/packet/option-format.ts";

/** The default MTU of an Ethernet link. */
const ETHERNET_MTU = 1_500;

export interface ApplyOptions {
  /** Metric of the routes: of two default routes, the kernel uses the lower metric. */
  readonly metric: number;
  /** The lease that is on the interface now. */
  readonly previous?: Lease;
  readonly log: Log;
}

/**
 * Sets address, MTU and routes; what `previous` had and `lease` has not goes, what both have is renewed in
 * place. Without the address there is no network: that failure is thrown, of the rest each is logged. @throws
 * SyscallError
 */
export function applyLease(
  network: Network,
  link: Link,
  lease: Lease,
  { metric, previous, log }: ApplyOptions,
): void {
  const { address, prefix } = lease;
  const attempt = attempts(log, link);
  if (previous !== undefined && (previous.address !== address || previous.prefix !== prefix)) {
    // Before the new one: with the first address of a network the kernel removes all others of that network.
    attempt(() => network.removeAddress(link.index, addressOf(previous)));
  }
  network.addAddress(link.index, appliedAddress(lease, metric));
  const mtu = lease.mtu ?? (previous?.mtu === undefined ? undefined : ETHERNET_MTU);
  if (mtu !== undefined && mtu !== previous?.mtu) {
    attempt(() => network.setLink(link.index, { mtu }));
  }
  const routes = routesOf(link, lease, metric);
  for (const route of routes) attempt(() => network.addRoute(route));
  if (previous === undefined) return;

  const kept = new Set(routes.map(routeKey));
  for (const route of routesOf(link, previous, metric)) {
    if (!kept.has(routeKey(route))) attempt(() => network.removeRoute(route));
  }
}

/**
 * Takes off what `applyLease()` set. What is gone already, as an address whose time was up, is passed over.
 */
export function withdrawLease(
  network: Network,
  link: Link,
  lease: Lease,
  { metric, log }: Omit<ApplyOptions, "previous">,
): void {
  const attempt = attempts(log, link);
  for (const route of routesOf(link, lease, metric).reverse()) {
    attempt(() => network.removeRoute(route));
  }
  attempt(() => network.removeAddress(link.index, addressOf(lease)));
  if (lease.mtu !== undefined) {
    attempt(() => network.setLink(link.index, { mtu: ETHERNET_MTU }));
  }
}

/** Puts back what of an applied lease may be missing; `age` is the seconds since the lease came. */
export function restoreLease(
  network: Network,
  link: Link,
  lease: Lease,
  { metric, age, log }: { readonly metric: number; readonly age: number; readonly log: Log },
): void {
  const attempt = attempts(log, link);
  attempt(() => network.addAddress(link.index, appliedAddress(lease, metric, age)));
  for (const route of routesOf(link, lease, metric)) attempt(() => network.addRoute(route));
}

/** Gives an applied lease's routes another metric; `age` is the seconds since the lease came. */
export function moveLease(
  network: Network,
  link: Link,
  lease: Lease,
  {
    from,
    to,
    age,
    log,
  }: { readonly from: number; readonly to: number; readonly age: number; readonly log: Log },
): void {
  const attempt = attempts(log, link);
  restoreLease(network, link, lease, { metric: to, age, log });
  for (const route of routesOf(link, lease, from).reverse()) attempt(() => network.removeRoute(route));
}

/** The lease's address for the kernel, with the metric of its connected route. */
function appliedAddress(lease: Lease, metric: number, age = 0): InterfaceAddress {
  const { address, prefix, broadcast, seconds } = lease;
  return {
    address,
    prefix,
    metric,
    ...(broadcast && { broadcast }),
    // Should this program ever stop renewing, the kernel ends the lease in time.
    ...(seconds !== Infinity && { validSeconds: Math.max(seconds - age, 1) }),
  };
}

function addressOf({ address, prefix }: Lease): InterfaceAddress {
  return { address, prefix };
}

/** The routes in an order the kernel takes: those on the link first, then those through a gateway. */
function routesOf(link: Link, lease: Lease, metric: number): Route[] {
  const onLink = lease.routes.filter((route) => route.gateway === undefined);
  const through = lease.routes.filter((route) => route.gateway !== undefined);
  const toGateways = through.flatMap(({ gateway }): ClasslessRoute[] =>
    gateway === undefined || isReachable(gateway, lease, onLink)
      ? []
      : [{ destination: gateway, prefix: 32 }],
  );
  const all = [...onLink, ...toGateways, ...through].map((route) => ({
    index: link.index,
    ...route,
    source: lease.address,
    metric,
  }));
  return [...new Map(all.map((route) => [routeKey(route), route])).values()];
}

/** A gateway outside the lease's network, as clouds give with a /32, is on the link all the same. */
function isReachable(gateway: string, lease: Lease, onLink: readonly ClasslessRoute[]): boolean {
  const networks = [{ destination: lease.address, prefix: lease.prefix }, ...onLink];
  return networks.some(({ destination, prefix }) => isInNetwork(gateway, destination, prefix));
}

/** The identity of a route within one interface. */
function routeKey({ destination, prefix }: Route): string {
  return `${destination}/${prefix}`;
}

/** Runs one change; a failure is logged, unless the thing to remove is gone already. */
function attempts(log: Log, link: Link): (act: () => void) => void {
  return (act) => {
    try {
      act();
    } catch (error) {
      const isGone = failedWith(error, "ESRCH", "EADDRNOTAVAIL");
      if (!isGone) log.warn(`dhcp ${link.name}: ${reason(error)}, ignoring`);
    }
  };
}
