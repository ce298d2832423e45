/** Formats of the routes in options 33, 121 and 249. */

import { addressToNumber, classfulPrefix, isHostAddress, networkOf } from "../../../system/address/ipv4.ts";
import { ADDRESS, ADDRESSES, type ClasslessRoute, type Format } from "./option-format.ts";

/** For each route: prefix length, the bytes of the destination that the prefix covers, gateway (RFC 3442). */
export const CLASSLESS_ROUTES: Format<readonly ClasslessRoute[]> = {
  isJoined: true,
  read(bytes) {
    const routes: ClasslessRoute[] = [];
    for (let at = 0; at < bytes.length; ) {
      const prefix = bytes[at++] ?? 0;
      const significant = Math.ceil(prefix / 8);
      if (prefix > 32) throw new RangeError(`a route has a prefix of ${prefix}, wanted 0 to 32`);
      if (at + significant + 4 > bytes.length) throw new RangeError("a route is cut short");
      const destination = new Uint8Array(4);
      destination.set(bytes.subarray(at, at + significant));
      at += significant;
      const gateway = ADDRESS.read(bytes.subarray(at, at + 4));
      at += 4;
      routes.push(toRoute(networkOf(ADDRESS.read(destination), prefix), prefix, gateway));
    }
    if (routes.length === 0) throw new RangeError("wanted at least one route");
    return routes.filter(isPlausible);
  },
  write: (routes) =>
    Uint8Array.from(
      routes.flatMap(({ destination, prefix, gateway = "0.0.0.0" }) => [
        prefix,
        ...ADDRESS.write(destination).subarray(0, Math.ceil(prefix / 8)),
        ...ADDRESS.write(gateway),
      ]),
    ),
};

/**
 * For each route: destination and gateway (RFC 2132, section 5.8). The destination is a network of its class, or a host if
 * it has host bits. A default route is not allowed.
 */
export const CLASSFUL_ROUTES: Format<readonly ClasslessRoute[]> = {
  isJoined: true,
  read(bytes) {
    if (bytes.length === 0 || bytes.length % 8 !== 0) throw new RangeError("wanted routes of 8 bytes");
    const addresses = ADDRESSES.read(bytes);
    const pairs = Array.from({ length: bytes.length / 8 }, (_, at) => addresses.slice(at * 2, at * 2 + 2));
    return pairs
      .map(([destination = "", gateway = ""]) => toRoute(destination, prefixOf(destination), gateway))
      .filter((route) => route.destination !== "0.0.0.0" && isPlausible(route));
  },
  write: (routes) =>
    ADDRESSES.write(routes.flatMap(({ destination, gateway = "0.0.0.0" }) => [destination, gateway])),
};

function prefixOf(destination: string): number {
  const prefix = classfulPrefix(destination);
  return networkOf(destination, prefix) === destination ? prefix : 32;
}

function toRoute(destination: string, prefix: number, gateway: string): ClasslessRoute {
  return gateway === "0.0.0.0" ? { destination, prefix } : { destination, prefix, gateway };
}

/** A route that leads nowhere is left out; the other routes count. */
function isPlausible({ destination, gateway }: ClasslessRoute): boolean {
  const leadsToHosts = destination === "0.0.0.0" || isHostAddress(addressToNumber(destination));
  return leadsToHosts && (gateway === undefined || isHostAddress(addressToNumber(gateway)));
}
