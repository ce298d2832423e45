/** `bond=`, as dracut.cmdline(7) and the initscripts before it have it. */

import { present } from "../../system/optional.ts";
import {
  type Parsed,
  PartReader,
  readDevice,
  readIp,
  readMtu,
  readName,
  refuse,
  splitFields,
} from "./field.ts";

export interface BondRequest {
  readonly name: string;
  /** Interfaces by name, MAC or PCI address; "all" is every adapter there is or will be. */
  readonly members: readonly string[] | "all";
  /** Names and values of Documentation/networking/bonding.rst, in the order the kernel takes them. */
  readonly options: readonly BondOption[];
  readonly mtu?: number;
  /** IPv6 addresses that members ask for by neighbour solicitation; the kernel takes them by netlink alone. */
  readonly neighborTargets?: readonly string[];
}

export type BondOption = readonly [name: string, value: string];

/** In the order of their numbers. */
const MODES = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
];
const NEIGHBOR_TARGETS = "ns_ip6_target";
/** Options that other options depend on. */
const FIRST = ["mode", "miimon", "arp_interval"];
/** Without link monitoring a bond never notices a missing carrier; bonding.rst recommends 100 ms. */
const LINK_CHECK: BondOption = ["miimon", "100"];

/**
 * `<name>[:<members>[:<options>[:<mtu>]]]`, each with a default. A member, an option or an MTU that cannot be read costs
 * that part alone. @throws RangeError where the name cannot be read, or no member is left
 */
export function parseBond(value: string): Parsed<BondRequest> {
  const [name = "", members = "", ...rest] = splitFields(value);
  // dracut's manual page has one more colon before the options than its examples.
  const [options = "", mtu = ""] = rest[0] === "" && rest[1]?.includes("=") ? rest.slice(1) : rest;
  const reader = new PartReader();
  const given = reader.items(options.split(",").filter(Boolean), readOption);
  const targets = given.flatMap(([option, list]) =>
    option === NEIGHBOR_TARGETS ? reader.items(list.split(";"), readNeighbor) : [],
  );
  const request = {
    name: readName("the name of the bond", name || "bond0"),
    members:
      members === "all"
        ? ("all" as const)
        : reader.someItems((members || "eth0,eth1").split(","), readDevice),
    options: orderOptions(given.filter(([option]) => option !== NEIGHBOR_TARGETS)),
    ...present("mtu", reader.field(mtu, readMtu)),
    ...(targets.length > 0 && { neighborTargets: targets }),
  };
  return { request, complaints: reader.complaints };
}

function readOption(text: string): BondOption {
  const [, name = "", value = ""] =
    /^([a-z\d_]+)=(\S+)$/.exec(text) ?? refuse("an option", text, "a name, = and a value were");
  if (name !== "mode") return [name, value];
  const mode = MODES[Number(value)] ?? value;
  return MODES.includes(mode)
    ? [name, mode]
    : refuse("the mode", value, `0 to 6, ${MODES.slice(0, -1).join(", ")} or ${MODES.at(-1)} was`);
}

function readNeighbor(text: string): string {
  const { family, address } = readIp("the target", text);
  return family === 6 ? address : refuse("the target", text, "an IPv6 address like [2001:db8::7] was");
}

function orderOptions(given: readonly BondOption[]): BondOption[] {
  const isGiven = (wanted: string): boolean => given.some(([name]) => name === wanted);
  const all: BondOption[] = [
    ...(isGiven("mode") ? [] : [["mode", MODES[0] ?? ""] as const]),
    ...(isGiven("miimon") || isGiven("arp_interval") ? [] : [LINK_CHECK]),
    ...given,
  ];
  const rank = ([name]: BondOption): number => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1);
  return all.toSorted((a, b) => rank(a) - rank(b));
}
