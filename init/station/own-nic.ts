/** The NIC whose address makes a workstation a node. The workstation's own programs configure its network. */

import type { networkInterfaces } from "node:os";
import { addressToNumber, maskToPrefix } from "../../system/address/ipv4.ts";

export interface OwnNic {
  readonly name: string;
  /** Dotted decimal. */
  readonly address: string;
  readonly prefix: number;
  /** "52:54:00:12:34:56". */
  readonly mac: string;
}

const COLUMN = { name: 0, destination: 1, metric: 6, mask: 7 } as const;
const ANY = "00000000";

/**
 * The NIC of that name or hardware address, or the NIC of the default route; `routes` is the text of /proc/net/route.
 * @throws Error that says what was wanted
 */
export function findOwnNic(
  interfaces: ReturnType<typeof networkInterfaces>,
  routes: string,
  wanted?: string,
): OwnNic {
  const all = Object.entries(interfaces).flatMap(([name, entries = []]) =>
    entries
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address, netmask, mac }) => ({ name, address, mac, prefix: prefixOf(netmask) })),
  );
  const name = wanted ?? nicOfDefaultRoute(routes);
  if (name === undefined)
    throw new Error("there is no default route, and clump.nic=NAME in /etc/clump.conf was wanted");
  const found = all.find((nic) => nic.name === name || nic.mac.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = [...new Set(all.map((nic) => nic.name))].join(", ") || "no NIC has one";
  throw new Error(`${name} has no IPv4 address, and one was wanted: ${names}`);
}

/** The name of the NIC that has the default route with the least metric. */
function nicOfDefaultRoute(routes: string): string | undefined {
  const defaults = routes
    .split("\n")
    .map((line) => line.split("\t").map((word) => word.trim()))
    .filter((words) => words[COLUMN.destination] === ANY && words[COLUMN.mask] === ANY)
    .toSorted((one, other) => Number(one[COLUMN.metric]) - Number(other[COLUMN.metric]));
  return defaults[0]?.[COLUMN.name];
}

function prefixOf(mask: string): number {
  return maskToPrefix(addressToNumber(mask)) ?? 32;
}
