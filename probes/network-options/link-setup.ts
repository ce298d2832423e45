/** The name, MAC, MTU and VLANs that a link is to get before it is configured. */

import { formatMac } from "../../system/address/mac.ts";
import type { Link } from "../../system/kernel/kernel.ts";
import { matchesName } from "../network/names.ts";
import type { Change } from "./change.ts";
import type { Decision } from "./decision.ts";
import type { KnownLink } from "./known-link.ts";
import type { NetworkOptions } from "./options.ts";
import type { VlanRequest } from "./vlan.ts";

/**
 * The renames that give one adapter the name that `ifname=` gives it. A link whose name was given to another gives it up
 * for a free one, so that two may also swap their names.
 */
export function planName(
  { link: { index, name }, mac }: KnownLink,
  { names }: Pick<NetworkOptions, "names">,
  links: readonly Link[],
): Change[] {
  const isTaken = names.some((request) => request.name === name && request.mac !== mac);
  const own = names.find((request) => request.mac === mac)?.name;
  const wanted = own ?? (isTaken ? freeName(names, links) : name);
  if (wanted === name) return [];
  const holder = links.find((link) => link.name === wanted);
  return [
    ...(holder === undefined ? [] : [rename(holder, freeName(names, links))]),
    rename({ index, name }, wanted),
  ];
}

/** The MAC and the MTU that `ip=` gives a link, where it has others. */
export function planDetails(
  { index, name, address, mtu }: Link,
  { mac: wantedMac, mtu: wantedMtu }: Pick<Decision, "mac" | "mtu">,
): Change[] {
  return [
    ...(wantedMac === undefined || wantedMac === formatMac(address)
      ? []
      : [{ do: "mac", index, name, mac: wantedMac } as const]),
    ...(wantedMtu === undefined || wantedMtu === mtu
      ? []
      : [{ do: "mtu", index, name, mtu: wantedMtu } as const]),
  ];
}

/** The VLANs that the command line puts on a link. */
export function vlansOn({ names }: KnownLink, { vlans }: Pick<NetworkOptions, "vlans">): VlanRequest[] {
  return vlans.filter(({ parent }) => matchesName(parent, names));
}

function rename({ index, name }: Pick<Link, "index" | "name">, to: string): Change {
  return { do: "rename", index, from: name, to };
}

/** A name as the kernel gives them, that no link has or is to have. */
function freeName(names: NetworkOptions["names"], links: readonly Link[]): string {
  const taken = new Set([...links, ...names].map(({ name }) => name));
  let number = 0;
  while (taken.has(`eth${number}`)) number += 1;
  return `eth${number}`;
}
