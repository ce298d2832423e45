/** The address and network of this machine on an interface. */

import type { networkInterfaces } from "node:os";
import { addressToNumber, maskToPrefix, networkOf } from "../../system/address/ipv4.ts";
import type { ServedNetwork } from "./dnsmasq.ts";

/** @throws RangeError naming the interfaces that have an IPv4 address */
export function findServedNetwork(
  name: string,
  interfaces: ReturnType<typeof networkInterfaces>,
): ServedNetwork {
  const there = Object.entries(interfaces).flatMap(([interfaceName, list = []]) =>
    list
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map((entry) => ({ ...entry, interfaceName })),
  );
  const found = there.find(({ interfaceName }) => interfaceName === name);
  if (found)
    return {
      address: found.address,
      mask: found.netmask,
      network: networkOf(found.address, maskToPrefix(addressToNumber(found.netmask))!),
    };
  const names =
    [...new Set(there.map(({ interfaceName }) => interfaceName))].join(", ") || "no such interface";
  throw new RangeError(
    `Cannot serve on ${name}: an interface with a cable and an IPv4 address was wanted, and there is ${names}`,
  );
}
