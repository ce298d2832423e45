/** Leases that no server granted: addresses typed by hand, and the address of a node that serves its own network. */

import { broadcastOf } from "../../system/address/ipv4.ts";
import type { Lease } from "./lease.ts";
import type { ClasslessRoute } from "./packet/option-format.ts";

type Granted = "prefix" | "seconds" | "renewAfter" | "rebindAfter";

/** Defaults: no server (""), no routes, no name servers, no time servers, and the broadcast address of the network. */
export interface PermanentLease extends Partial<Omit<Lease, Granted | "address">> {
  /** Dotted decimal. */
  readonly address: string;
  /** 1 to 32. */
  readonly prefix: number;
}

/** A fixed address in the shape of a lease that never ends, so that whatever uses leases needs no second case. */
export function permanentLease(given: PermanentLease): Lease {
  const { address, prefix } = given;
  return {
    ...{ server: "", routes: [], dns: [], ntp: [] },
    // A network of two hosts or one has no broadcast address (RFC 3021).
    ...(prefix < 31 && { broadcast: broadcastOf(address, prefix) }),
    ...given,
    ...{ seconds: Infinity, renewAfter: Infinity, rebindAfter: Infinity },
  };
}

/** The default route through a gateway; none without one. */
export function defaultRouteThrough(gateway: string | undefined): ClasslessRoute[] {
  return gateway === undefined ? [] : [{ destination: "0.0.0.0", prefix: 0, gateway }];
}
