/** The options of `npm start`. */

import { totalmem } from "node:os";
import { readOptions, wholeNumber } from "../command-line/options.ts";
import { type Forward, NIC_MODELS, type NicModel } from "../qemu/nics.ts";

/** The modes as typed at a boot prompt; the kernel command line takes the same words. */
export const MODE_PARAMETERS = ["clumpos", "novnc", "expert", "safe"] as const;

export type ModeParameter = (typeof MODE_PARAMETERS)[number];

const NO_NIC = "none";

/** The memory that a node is promised to boot with (README.md); `npm run bench` finds the true floor. */
export const LEAST_MEGABYTES = 256;

/** QEMU's machine "pc" has no room for more processors. */
const MOST_CPUS = 255;

/** More nodes would starve each other on any desk. */
const MOST_NODES = 16;

export interface StartOptions {
  /** The mode of the node; the node's own default when absent. */
  readonly mode: ModeParameter | undefined;
  readonly memoryMegabytes: number;
  readonly cpus: number;
  /** A NIC of the node for each. */
  readonly nics: readonly NicModel[];
  /** The number of nodes, on a network of their own where there are several. */
  readonly nodes: number;
  /** Ports of this machine that lead to ports of the node. */
  readonly forwards: readonly Forward[];
  /** Parameters for the kernel command line, after our own. */
  readonly append: string;
  /** Whether the browser opens at the web view of the first node. */
  readonly open: boolean;
  /** Whether jobs start on the first node, which spread over the others. */
  readonly demo: boolean;
}

const OPTIONS = {
  mode: {
    type: "string",
    describe: `mode of the node: ${MODE_PARAMETERS.join(", ")}`,
    requiresArg: true,
  },
  memory: { describe: "memory in megabytes", default: 512, requiresArg: true },
  cpus: { describe: "number of processors", default: 2, requiresArg: true },
  nic: {
    type: "string",
    array: true,
    describe: `model of the NIC: ${NIC_MODELS.join(", ")}, or none; repeat for another NIC`,
    default: ["virtio-net-pci"],
    requiresArg: true,
  },
  nodes: {
    describe: "number of nodes, on a network of their own; this terminal shows the first node",
    default: 1,
    requiresArg: true,
  },
  forward: {
    type: "string",
    array: true,
    describe:
      "TCP port of the first node, reachable on 127.0.0.1, as 8080 or 15900:5900; repeat for another port",
    default: [] as string[],
    requiresArg: true,
  },
  open: {
    type: "boolean",
    default: false,
    describe: "open the web view of the first node in the browser, with its password",
  },
  demo: {
    type: "boolean",
    default: false,
    describe: "start jobs on the first node, which spread over the others by themselves; with --nodes",
  },
  append: {
    type: "string",
    describe: "parameters for the kernel command line",
    default: "",
    requiresArg: true,
  },
} as const;

/** Reads the command line, a bare mode name included; `--help` prints, and ends the program. @throws RangeError */
export function readStartOptions(
  argv: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const script = {
    call: "npm start",
    usage: "[mode]",
    does: "Boots a node in QEMU, in this terminal. Without a terminal: boots the node, reports, powers it off.",
    options: OPTIONS,
    words: 1,
  };
  const { words, ...given } = readOptions(script, argv, env);
  const mode = words[0] ?? given.mode;
  return {
    mode: mode === undefined ? undefined : checkMode(mode),
    memoryMegabytes: checkMemory(given.memory),
    cpus: wholeNumber("cpus", given.cpus, { from: 1, to: MOST_CPUS }),
    nics: checkNics(given.nic),
    nodes: checkNodes(given.nodes, given.nic),
    forwards: checkForwards(given.forward, given),
    append: given.append,
    open: checkOpen(given),
    demo: checkDemo(given, mode),
  };
}

function checkMode(word: string): ModeParameter {
  const mode = MODE_PARAMETERS.find((known) => known === word);
  if (mode) return mode;
  throw new RangeError(`Cannot enter mode "${word}": one of ${MODE_PARAMETERS.join(", ")} was wanted`);
}

/** QEMU refuses an initramfs that the memory cannot hold, and memory that this machine does not have. */
function checkMemory(value: unknown): number {
  const most = Math.floor(totalmem() / 2 ** 20);
  const megabytes = wholeNumber("memory", value, { from: 1 });
  if (megabytes >= LEAST_MEGABYTES && megabytes <= most) return megabytes;
  throw new RangeError(
    `Cannot use --memory ${value}: a node needs ${LEAST_MEGABYTES} MB, and at most the ${most} MB of this machine were wanted`,
  );
}

/** Port and password of the web view are ours then. */
function checkOpen({
  open,
  append,
  nic,
}: {
  readonly open: boolean;
  readonly append: string;
  readonly nic: readonly string[];
}): boolean {
  if (!open) return false;
  if (nic.includes(NO_NIC)) throw new RangeError("Cannot use --open: a node with a NIC was wanted for that");
  const [own] = /\bclump\.(web|vnc\.password)\b/.exec(append) ?? [];
  if (own === undefined) return true;
  throw new RangeError(`Cannot use --open: it sets ${own} itself, and an --append without it was wanted`);
}

/** Parameters that --demo sets itself, or that would keep all jobs where they are. */
const DEMO_PARAMETERS = /\bclump\.(demo|key|moves|balance)\b/;

function checkDemo(
  { demo, nodes, append }: { readonly demo: boolean; readonly nodes: unknown; readonly append: string },
  mode: string | undefined,
): boolean {
  if (!demo) return false;
  if (Number(nodes) === 1)
    throw new RangeError(
      "Cannot use --demo: jobs move between nodes, and several were wanted, as by --nodes 3",
    );
  if (mode === "safe")
    throw new RangeError("Cannot use --demo: Safe mode has no cluster, and another mode was wanted");
  const [own] = DEMO_PARAMETERS.exec(append) ?? [];
  if (own === undefined) return true;
  throw new RangeError(`Cannot use --demo: it sets ${own} itself, and an --append without it was wanted`);
}

function checkNodes(value: unknown, nics: readonly string[]): number {
  const nodes = wholeNumber("nodes", value, { from: 1, to: MOST_NODES });
  if (nodes === 1 || (nics.length === 1 && nics[0] !== NO_NIC)) return nodes;
  throw new RangeError(`Cannot use --nodes ${nodes} with --nic ${nics.join(" --nic ")}: one NIC was wanted`);
}

function checkForwards(words: readonly string[], { nic }: { readonly nic: readonly string[] }): Forward[] {
  if (words.length > 0 && nic.includes(NO_NIC))
    throw new RangeError(`Cannot use --forward ${words[0]}: a node with a NIC was wanted for that`);
  return words.map(checkForward);
}

function checkForward(word: string): Forward {
  const [, from, to = from] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(word) ?? [];
  const ports = { from: Number(from), to: Number(to) };
  if (Object.values(ports).every((port) => port >= 1 && port <= 65_535)) return ports;
  throw new RangeError(`Cannot use --forward ${word}: a port, or two as 15900:5900, was wanted`);
}

function checkNics(words: readonly string[]): NicModel[] {
  return words.filter((word) => word !== NO_NIC).map(checkNic);
}

function checkNic(word: string): NicModel {
  const model = NIC_MODELS.find((known) => known === word);
  if (model) return model;
  throw new RangeError(`Cannot plug in "${word}": one of ${[...NIC_MODELS, NO_NIC].join(", ")} was wanted`);
}
