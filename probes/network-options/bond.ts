/** `bond=`, as dracut.cmdline(7) and the initscripts before it have it. */

import { readDevice, readMtu, readName, refuse, splitFields } from "./field.ts";

export interface BondRequest {
  readonly name: string;
  /** Interfaces by name, MAC or PCI address; "all" is every adapter there is or will be. */
  readonly members: readonly string[] | "all";
  /** Names and values of Documentation/networking/bonding.rst, in the order the kernel takes them. */
  readonly options: readonly BondOption[];
  readonly mtu?: number;
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
/** Others build on these. */
const FIRST = ["mode", "miimon", "arp_interval"];
/** Without it a bond never learns that a cable is out; what the documentation recommends, in milliseconds. */
const LINK_CHECK: BondOption = ["miimon", "100"];

/** `<name>[:<members>[:<options>[:<mtu>]]]`, each with a default. @throws RangeError */
export function parseBond(value: string): BondRequest {
  const [name = "", members = "", ...rest] = splitFields(value);
  // The manual page shows one colon more before the options than its own examples have.
  const [options = "", mtu = ""] = rest[0] === "" && rest[1]?.includes("=") ? rest.slice(1) : rest;
  return {
    name: readName("the name of the bond", name || "bond0"),
    members: members === "all" ? "all" : (members || "eth0,eth1").split(",").map(readDevice),
    options: orderOptions(options.split(",").filter(Boolean).map(readOption)),
    ...(mtu !== "" && { mtu: readMtu(mtu) }),
  };
}

function readOption(text: string): BondOption {
  const [, name = "", value = ""] =
    /^([a-z_]+)=(\S+)$/.exec(text) ?? refuse("an option", text, "a name, = and a value were");
  if (name !== "mode") return [name, value];
  const mode = MODES[Number(value)] ?? value;
  return MODES.includes(mode)
    ? [name, mode]
    : refuse("the mode", value, `0 to 6, ${MODES.slice(0, -1).join(", ")} or ${MODES.at(-1)} was`);
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
