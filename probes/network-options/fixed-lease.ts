/** A requested configuration in the shape of a lease, so that the rest of the program need not know the difference. */

import { isInNetwork } from "../../system/address/ipv4.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { ClasslessRoute } from "../dhcp/packet/option-format.ts";
import { defaultRouteThrough, permanentLease } from "../dhcp/permanent-lease.ts";
import type { Decision } from "./decision.ts";
import type { StaticAddress } from "./interface-request.ts";
import type { NetworkOptions } from "./options.ts";
import type { RouteRequest } from "./route.ts";

type Wishes = Pick<NetworkOptions, "routes" | "peerDns"> & {
  readonly decision: Decision;
  isNamed(device: string): boolean;
};

/** A fixed address as a lease for ever that no server has granted. */
export function fixedLease({ address, prefix, gateway, peer }: StaticAddress, wishes: Wishes): Lease {
  const routes = [...(peer ? [peer] : []), ...defaultRouteThrough(gateway)];
  return amendLease(permanentLease({ address, prefix, routes }), wishes);
}

/** A lease with the command line's routes, MTU, name servers and time servers. */
export function amendLease(lease: Lease, { decision, routes, peerDns, isNamed }: Wishes): Lease {
  const { dns, ntp, mtu } = decision;
  const added = routes.filter((route) => isRouteOf(route, lease, isNamed)).map(plainRoute);
  const isReplaced = (route: ClasslessRoute): boolean =>
    added.some(({ destination, prefix }) => destination === route.destination && prefix === route.prefix);
  return {
    ...lease,
    routes: [...lease.routes.filter((route) => !isReplaced(route)), ...added],
    dns: [...new Set([...dns, ...(peerDns ? lease.dns : [])])],
    ntp: [...new Set([...ntp, ...lease.ntp])],
    ...(mtu !== undefined && { mtu }),
  };
}

function isRouteOf(
  { family, device, gateway }: RouteRequest,
  { address, prefix }: Lease,
  isNamed: (device: string) => boolean,
): boolean {
  if (family !== 4) return false;
  if (device !== undefined) return isNamed(device);
  return gateway !== undefined && isInNetwork(gateway, address, prefix);
}

export function plainRoute({ destination, prefix, gateway }: RouteRequest): ClasslessRoute {
  return { destination, prefix, ...(gateway !== undefined && { gateway }) };
}
