/** Where this machine is on a network. */

import type { networkInterfaces } from "node:os";
import type { Place } from "./dnsmasq.ts";

/** This machine's IPv4 address and network on one interface. @throws RangeError naming the interfaces there are */
export function findPlace(name: string, interfaces: ReturnType<typeof networkInterfaces>): Place {
  const there = Object.entries(interfaces).flatMap(([interfaceName, list = []]) =>
    list.filter(({ family }) => family === "IPv4").map((entry) => ({ ...entry, interfaceName })),
  );
  const found = there.find(({ interfaceName }) => interfaceName === name);
  if (found)
    return { address: found.address, mask: found.netmask, network: networkOf(found.address, found.netmask) };
  const names = [...new Set(there.map(({ interfaceName }) => interfaceName))].join(", ") || "none";
  throw new RangeError(
    `Cannot serve on ${name}: it has no IPv4 address or no cable, and both were wanted; those with one: ${names}`,
  );
}

function networkOf(address: string, mask: string): string {
  const bits = mask.split(".").map(Number);
  return address
    .split(".")
    .map((byte, index) => Number(byte) & bits[index]!)
    .join(".");
}
