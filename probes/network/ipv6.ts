/** IPv6 on an interface: whether there is any, and the addresses that were asked for. */

import { writeFileSync } from "node:fs";
import type { Link, Network } from "../../init/kernel/kernel.ts";
import { type Log, reason } from "../../init/machine/log.ts";

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

/** Sets addresses and routes where IPv6 is on; what fails is logged, and the rest done all the same. */
export function applyIpv6(
  network: Network,
  { index, name }: Link,
  { setup: { addresses, routes }, metric, log }: { setup: Ipv6Setup; metric: number; log: Log },
): void {
  const changes = [
    ...addresses.map((address) => () => network.addAddress(index, address)),
    ...routes.map((route) => () => network.addRoute({ index, ...route, metric })),
  ];
  for (const change of changes) {
    try {
      change();
    } catch (error) {
      log.warn(`${name}: ${reason(error)}, ignoring`);
    }
  }
}
