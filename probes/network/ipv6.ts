/** IPv6 on an interface: the switch for it, and the requested addresses and routes. */

import { writeFileSync } from "node:fs";
import type { Link, Network } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";

export interface Ipv6Setup {
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
  readonly routes: readonly {
    readonly destination: string;
    readonly prefix: number;
    readonly gateway?: string;
  }[];
}

/** Documentation/networking/ip-sysctl.rst; absent on a kernel without IPv6. */
export function switchIpv6(root: string, name: string, on: boolean): void {
  try {
    writeFileSync(`${root}/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, on ? "0\n" : "1\n");
  } catch {
    // The interface went away or knows no IPv6; IPv4 does not depend on it.
  }
}

interface Change {
  readonly setup: Ipv6Setup;
  readonly log: Log;
}

/** Sets addresses and routes; IPv6 must be on. A failure is logged, and the rest is done all the same. */
export function applyIpv6(
  network: Network,
  link: Link,
  { setup: { addresses, routes }, metric, log }: Change & { readonly metric: number },
): void {
  attemptAll(link, log, [
    ...addresses.map((address) => () => network.addAddress(link.index, address)),
    ...routes.map((route) => () => network.addRoute({ index: link.index, ...route, metric })),
  ]);
}

/** Gives the routes another metric. */
export function moveIpv6(
  network: Network,
  link: Link,
  { setup: { routes }, from, to, log }: Change & { readonly from: number; readonly to: number },
): void {
  const { index } = link;
  attemptAll(link, log, [
    ...routes.map((route) => () => network.addRoute({ index, ...route, metric: to })),
    ...routes.map((route) => () => network.removeRoute({ index, ...route, metric: from })),
  ]);
}

function attemptAll({ name }: Link, log: Log, changes: readonly (() => void)[]): void {
  for (const change of changes) {
    try {
      change();
    } catch (error) {
      log.warn(`${name}: ${reason(error)}, ignoring`);
    }
  }
}
