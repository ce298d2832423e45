/** Which of the devices that the options name are missing. */

import { matchesName } from "../network/names.ts";
import type { InterfaceRequest } from "./interface-request.ts";
import type { NetworkOptions } from "./options.ts";

/** The names of each link that was seen, by these names joined. */
export type Seen = ReadonlyMap<string, readonly string[]>;

/** An option that names a device: "vlan=vlan5:eth0". */
interface Mention {
  readonly device: string;
  readonly word: string;
}

/** Adds a link, by all names that it answers to. */
export function see(seen: Seen, names: readonly string[]): Seen {
  const key = names.join(" ");
  return seen.has(key) ? seen : new Map([...seen, [key, names]]);
}

/**
 * The devices that are there, or will be as soon as the members of a bond or bridge are together.
 * @param isMade whether a bond or bridge could be made
 */
export function presentDevices(
  options: NetworkOptions,
  seen: Seen,
  isMade: (master: string) => boolean,
): ReadonlySet<string> {
  const { vlans, bridges } = options;
  const carried = [
    ...vlans.map(({ name, parent }) => ({ name, below: [parent], canBe: true })),
    ...bridges.map(({ name, members }) => ({ name, below: members, canBe: isMade(name) })),
  ];
  const names = new Set([...seen.values()].flat());
  for (let before = -1; names.size > before; ) {
    before = names.size;
    const there = [...names];
    for (const { name, below, canBe } of carried)
      if (canBe && below.some((device) => matchesName(device, there))) names.add(name);
  }
  const there = [...names];
  return new Set(mentionsOf(options).flatMap(({ device }) => (matchesName(device, there) ? [device] : [])));
}

/** The requests without those for devices that are missing. */
export function withoutMissing(
  interfaces: readonly InterfaceRequest[],
  present: ReadonlySet<string>,
): InterfaceRequest[] {
  return interfaces.filter(({ device }) => device === undefined || present.has(device));
}

/** One sentence for each word that names a device that is missing. */
export function describeMissing(
  options: NetworkOptions,
  seen: Seen,
  isMade: (master: string) => boolean,
): string[] {
  const present = presentDevices(options, seen, isMade);
  // The two names a person is most likely to know each by.
  const here = [...new Set([...seen.values()].map((names) => names.slice(0, 2).join(" or ")))];
  const missing = mentionsOf(options).filter(({ device }) => !present.has(device));
  return [...new Set(missing.map(({ word }) => word))].map(
    (word) =>
      `Cannot use ${word}: no network interface has that name, and there is ${here.join(", ") || "none"}`,
  );
}

function mentionsOf({ interfaces, vlans, bonds, bridges, names, routes }: NetworkOptions): Mention[] {
  return [
    ...interfaces.flatMap(({ device, method }) =>
      device === undefined || method === "none" ? [] : [{ device, word: `ip= for ${device}` }],
    ),
    ...vlans.map(({ name, parent }) => ({ device: parent, word: `vlan=${name}:${parent}` })),
    ...[...bonds, ...bridges].flatMap(({ name, members }) =>
      members === "all" ? [] : members.map((device) => ({ device, word: `${device} in ${name}` })),
    ),
    ...routes.flatMap(({ device, destination, prefix }) =>
      device === undefined ? [] : [{ device, word: `rd.route=${destination}/${prefix} on ${device}` }],
    ),
    ...names.map(({ name, mac }) => ({ device: mac, word: `ifname=${name}:${mac}` })),
  ];
}
