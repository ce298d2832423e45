/** The command line of clumpd. */

import type { CommandHelp } from "../../system/command-help.ts";
import { parseReadyDescriptor, READY_WANTED } from "../../system/readiness.ts";
import { BALANCES, type Balance, TOPOLOGIES, type Topology } from "../balance/switch.ts";
import { GUESTS, type Guests } from "../moves-switch.ts";
import { DISCOVERIES, type Discovery } from "../view.ts";
import { CONTROL_PORT, type ControlAddress, parseControl } from "./control-address.ts";

export const CLUMPD_HELP: CommandHelp = {
  name: "clumpd",
  forms: [
    "[--discovery HOW] [--control ADDRESS:PORT] [--balance WHEN] [--topology KIND] [--guests WHETHER] [--ready-fd N] [--root DIR]",
  ],
  does: "the cluster daemon: discovery, gossip, the control port",
  words: [
    ["--discovery HOW", `how nodes get their numbers: ${DISCOVERIES.join(", ")}; default map`],
    [
      "--control ADDRESS:PORT",
      `take commands there; either part may be missing, default 127.0.0.1:${CONTROL_PORT}; off for no TCP port`,
    ],
    ["--balance WHEN", "move processes to nodes that are less busy: on or off, default off"],
    ["--topology KIND", `what this node is at first: ${TOPOLOGIES.join(", ")}; default peers`],
    ["--guests WHETHER", "take processes of other nodes from the start: yes or no, default as before"],
    ["--ready-fd N", "write a newline to descriptor N when the sockets are open"],
    ["--root DIR", "take part as the node whose files are below DIR, and not as this machine"],
  ],
  document: "cluster.md",
};

export interface ClumpdOptions {
  readonly discovery: Discovery;
  /** Absent for no TCP port. */
  readonly control?: ControlAddress | undefined;
  /** Whether processes of this node leave by themselves while the node is busy; absent for no. */
  readonly balance?: Balance;
  /** Whether this node takes processes of others; absent for what mosctl has set before. */
  readonly guests?: Guests;
  /** Which settings of mosctl this node begins with; absent for peers. */
  readonly topology?: Topology;
  /** Where the daemon reports that it is ready. */
  readonly readyDescriptor?: number;
  /** A tree that is not this machine's; "" for this machine. */
  readonly root: string;
  readonly help: boolean;
}

const DEFAULTS: ClumpdOptions = {
  discovery: "map",
  control: { address: "127.0.0.1", port: CONTROL_PORT },
  root: "",
  help: false,
};

/** What each option adds to the others; `undefined` for a value that cannot be used. */
const READERS: Readonly<
  Record<
    string,
    { readonly wanted: string; readonly read: (value: string) => Partial<ClumpdOptions> | undefined }
  >
> = {
  "--discovery": { wanted: `one of ${DISCOVERIES.join(", ")}`, read: readDiscovery },
  "--control": { wanted: "off, an address, a port, or both as 10.0.0.1:5430", read: readControl },
  "--balance": { wanted: BALANCES.join(" or "), read: readBalance },
  "--topology": { wanted: TOPOLOGIES.join(", "), read: readTopology },
  "--guests": { wanted: GUESTS.join(" or "), read: readGuests },
  "--ready-fd": { wanted: READY_WANTED, read: readDescriptor },
  "--root": { wanted: "a folder", read: readRoot },
};

/** @throws SyntaxError naming the word that cannot be used, and what was wanted */
export function parseClumpdOptions(argv: readonly string[]): ClumpdOptions {
  let options = DEFAULTS;
  for (let index = 0; index < argv.length; index += 2) {
    const [name = "", value] = argv.slice(index);
    if (name === "--help" || name === "-h") return { ...options, help: true };
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (reader === undefined) {
      const names = [...Object.keys(READERS), "--help"].join(", ");
      throw new SyntaxError(`Cannot use "${name}": one of ${names} was wanted`);
    }
    if (value === undefined)
      throw new SyntaxError(`Cannot use ${name}: ${reader.wanted} behind it was wanted`);
    const read = reader.read(value);
    if (read === undefined)
      throw new SyntaxError(`Cannot use ${name} "${value}": ${reader.wanted} was wanted`);
    options = { ...options, ...read };
  }
  return options;
}

function readDiscovery(value: string): Partial<ClumpdOptions> | undefined {
  const discovery = DISCOVERIES.find((name) => name === value);
  return discovery && { discovery };
}

function readControl(value: string): Partial<ClumpdOptions> | undefined {
  if (value === "off") return { control: undefined };
  const control = parseControl(value);
  return control && { control };
}

function readBalance(value: string): Partial<ClumpdOptions> | undefined {
  const balance = BALANCES.find((name) => name === value);
  return balance && { balance };
}

function readGuests(value: string): Partial<ClumpdOptions> | undefined {
  const guests = GUESTS.find((name) => name === value);
  return guests && { guests };
}

function readTopology(value: string): Partial<ClumpdOptions> | undefined {
  const topology = TOPOLOGIES.find((name) => name === value);
  return topology && { topology };
}

function readDescriptor(value: string): Partial<ClumpdOptions> | undefined {
  const readyDescriptor = parseReadyDescriptor(value);
  return readyDescriptor === undefined ? undefined : { readyDescriptor };
}

function readRoot(root: string): Partial<ClumpdOptions> | undefined {
  return root === "" || root.startsWith("-") ? undefined : { root };
}
