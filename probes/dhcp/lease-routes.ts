/** The routes of a lease, from options 3, 33, 121 and 249. */

import { addressToNumber, broadcastOf, isHostAddress, networkOf } from "../../system/address/ipv4.ts";
import type { OnIgnored } from "./packet/option-field.ts";
import type { ClasslessRoute } from "./packet/option-format.ts";
import { OPTION, type OptionReader } from "./packet/options.ts";
import { DhcpPacketError } from "./packet/packet-error.ts";

/** The node's own address, in its network. */
interface Own {
  readonly address: string;
  readonly prefix: number;
}

interface Reading {
  readonly optional: OptionReader;
  readonly ignored: OnIgnored;
}

/** Option 121 makes options 3 and 33 void (RFC 3442); option 249 is Microsoft's number for option 121. */
export function readRoutes(own: Own, { optional, ignored }: Reading): readonly ClasslessRoute[] {
  const classless = optional(OPTION.classlessRoutes) ?? optional(OPTION.microsoftRoutes);
  const routes = classless ?? [
    ...(optional(OPTION.staticRoutes) ?? []),
    ...defaultRoutes(optional(OPTION.routers)),
  ];
  const checked = routes.filter(({ gateway }) => gateway === undefined || isRouter(gateway, own, ignored));
  return firstOfEach(checked);
}

/** One route for each router, in the order of preference of the option (RFC 2132, section 3.5). */
function defaultRoutes(routers: readonly string[] = []): ClasslessRoute[] {
  return routers.map((gateway) => ({ destination: "0.0.0.0", prefix: 0, gateway }));
}

function isRouter(gateway: string, { address, prefix }: Own, ignored: OnIgnored): boolean {
  const reserved = prefix < 31 ? [networkOf(address, prefix), broadcastOf(address, prefix)] : [];
  const fault =
    gateway === address
      ? "it is the address of this node"
      : reserved.includes(gateway) || !isHostAddress(addressToNumber(gateway))
        ? "it is no address of a host"
        : undefined;
  if (fault === undefined) return true;
  ignored(new DhcpPacketError(`Cannot use ${gateway} as a router: ${fault}`));
  return false;
}

/** The first route to each destination: an option may come twice, and of several routers the first counts. */
function firstOfEach(routes: readonly ClasslessRoute[]): readonly ClasslessRoute[] {
  const seen = new Set<string>();
  return routes.filter(({ destination, prefix }) => seen.size < seen.add(`${destination}/${prefix}`).size);
}
