/** The options of `npm start`. */

import yargs from "yargs";
import { type Forward, NIC_MODELS, type NicModel } from "../qemu/nics.ts";

/** As typed at a boot prompt; the kernel command line takes the same words. */
export const MODE_PARAMETERS = ["clumpos", "novnc", "expert", "safe"] as const;

export type ModeWord = (typeof MODE_PARAMETERS)[number];

const NO_NIC = "none";

/** QEMU itself needs some; less than this never boots a kernel. */
const LEAST_MEGABYTES = 64;

export interface StartOptions {
  /** The node's own default when absent. */
  readonly mode: ModeWord | undefined;
  readonly memoryMegabytes: number;
  readonly cpus: number;
  readonly nics: readonly NicModel[];
  /** How many, on a network of their own. */
  readonly nodes: number;
  /** Ports of this machine that lead to ports of the node. */
  readonly forwards: readonly Forward[];
  /** Words for the kernel command line, after ours. */
  readonly append: string;
}

/** Reads the command line, a bare mode name included; `--help` prints and ends the program. @throws RangeError */
export function readStartOptions(argv: readonly string[]): StartOptions {
  const parsed = yargs([...argv])
    .scriptName("npm start --")
    .usage(
      "$0 [mode]\n\nBoots a node in QEMU, in this terminal. Without a terminal: boots, reports, powers off.",
    )
    .options({
      mode: {
        type: "string",
        describe: "what the node becomes",
        choices: MODE_PARAMETERS,
        requiresArg: true,
      },
      memory: { type: "number", describe: "megabytes", default: 512, requiresArg: true },
      cpus: { type: "number", describe: "processors", default: 2, requiresArg: true },
      nic: {
        type: "string",
        array: true,
        describe: `a network card; again for another: ${NIC_MODELS.join(", ")}, or none`,
        default: ["virtio-net-pci"],
        requiresArg: true,
      },
      nodes: {
        type: "number",
        describe: "nodes on a network of their own; this terminal is the first one's",
        default: 1,
        requiresArg: true,
      },
      forward: {
        type: "string",
        array: true,
        describe:
          "a TCP port of the node that 127.0.0.1 shall have, as 8080 or 15900:5900; again for another",
        default: [],
        requiresArg: true,
      },
      append: {
        type: "string",
        describe: "words for the kernel command line",
        default: "",
        requiresArg: true,
      },
    })
    .parserConfiguration({ "greedy-arrays": false })
    .strictOptions()
    .version(false)
    .fail(refuse)
    .parseSync();
  const [word, ...rest] = parsed._.map(String);
  if (rest.length > 0) throw new RangeError(`Cannot start ${rest[0]}: one mode was wanted, ${word} is it`);
  return {
    mode: word === undefined ? last(parsed.mode) : checkMode(word),
    memoryMegabytes: checkWhole("memory", last(parsed.memory), LEAST_MEGABYTES),
    cpus: checkWhole("cpus", last(parsed.cpus), 1),
    nics: checkNics(parsed.nic),
    nodes: checkNodes(last(parsed.nodes), parsed.nic),
    forwards: checkForwards(parsed.forward, parsed),
    append: last(parsed.append),
  };
}

/** An option given twice comes as an array, whatever its type says. */
function last<T>(value: T): T {
  return Array.isArray(value) ? value.at(-1) : value;
}

function refuse(message: string | undefined, error: Error | undefined): never {
  if (error) throw error;
  throw new RangeError(`Cannot read the options: ${(message ?? "").replace(/\s+/g, " ").trim()}`);
}

function checkMode(word: string): ModeWord {
  const mode = MODE_PARAMETERS.find((known) => known === word);
  if (mode) return mode;
  throw new RangeError(`Cannot enter mode "${word}": it is one of ${MODE_PARAMETERS.join(", ")}`);
}

function checkWhole(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`Cannot use --${option} ${value}: a whole number from ${least} up was wanted`);
}

/** More would starve each other on any desk. */
const MOST_NODES = 16;

function checkNodes(nodes: number, nics: readonly string[]): number {
  if (checkWhole("nodes", nodes, 1) > MOST_NODES) {
    throw new RangeError(`Cannot use --nodes ${nodes}: a whole number from 1 to ${MOST_NODES} was wanted`);
  }
  if (nodes === 1 || (nics.length === 1 && nics[0] !== NO_NIC)) return nodes;
  throw new RangeError(`Cannot use --nodes ${nodes} with ${nics.join(", ")}: one network card was wanted`);
}

function checkForwards(
  words: readonly string[],
  { nodes, nic }: { nodes: number; nic: string[] },
): Forward[] {
  if (words.length > 0 && (last(nodes) > 1 || nic.includes(NO_NIC))) {
    throw new RangeError(
      `Cannot use --forward ${words[0]}: one node with a network card was wanted for that`,
    );
  }
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
  throw new RangeError(`Cannot plug in "${word}": it is one of ${[...NIC_MODELS, NO_NIC].join(", ")}`);
}
