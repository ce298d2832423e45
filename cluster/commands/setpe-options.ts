/** The command line of setpe, as openMosix-tools 0.3.6 reads it. */

import type { CommandHelp } from "../../system/command-help.ts";
import { atoi } from "../map/scanf.ts";
import { parseOptions } from "./getopt.ts";

export interface SetpeRequest {
  readonly action: "write" | "write by force" | "check" | "report" | "off";
  /** "-" is standard input, or standard output of a report. */
  readonly file: string;
  /** The own node number, where the command line gives one. */
  readonly node?: number;
  /** `-p` has no number, or 0: setpe says so, and finds the number by the addresses of this machine. */
  readonly isNodeInvalid?: true;
}

export const SETPE_USAGE = `OpenMosix's setpe usage: setpe -[w|W] [-n inet] [-c] [-p pe] [-g {0|1|2}] [-f filename|-]
   or: setpe -r [-f filename|-]
   or: setpe -off
`;

/** The answer to `--help`, which openMosix's setpe does not know. */
export const SETPE_HELP: CommandHelp = {
  name: "setpe",
  forms: ["-r [-f FILE]", "-w|-W [-p NUMBER] [-f FILE]", "-c [-p NUMBER] [-f FILE]", "-off"],
  does: "shows, applies and checks the map",
  words: [
    ["-r", "print the map in force"],
    ["-w", "configure this node from a map"],
    ["-W", "the same, also where this node gets another number or address by it"],
    ["-c", "check a map, and change nothing"],
    ["-off", "take this node out of its map"],
    ["-f FILE", "the file of the map, - for standard input and output; default -"],
    ["-p NUMBER", "the number of this node; default by the addresses of this machine"],
    ["-n inet, -g 0|1|2", "accepted for old scripts, without effect"],
  ],
  document: "cluster.md#the-map",
};

const LETTERS = "f:g:n:o:p:crwW";

const ACTIONS = { w: "write", W: "write by force", c: "check", r: "report" } as const;

/**
 * The request, or nothing where options do not fit together: setpe then prints its usage without a reason.
 * @throws SyntaxError naming the option that setpe does not know, or the argument that is missing
 */
export function parseSetpeOptions(words: readonly string[]): SetpeRequest | undefined {
  const options = parseOptions(words, LETTERS);
  const last = (letter: string) => options.findLast((option) => option.letter === letter)?.argument;
  const isKnown =
    /^inet$/.test(last("n") ?? "inet") && /^[012]$/.test(last("g") ?? "0") && (last("o") ?? "ff") === "ff";
  const action = isKnown ? findAction(options.map(({ letter }) => letter)) : undefined;
  if (action === undefined) return undefined;
  const request = { action, file: last("f") ?? "-" };
  const typed = last("p");
  if (typed === undefined) return request;
  const node = atoi(typed);
  return node === 0 ? { ...request, isNodeInvalid: true } : { ...request, node };
}

/** `-off` comes before all others, and `-c` keeps `-w` from writing. */
function findAction(letters: readonly string[]): SetpeRequest["action"] | undefined {
  if (letters.includes("o")) return "off";
  const given = (["c", "r", "W", "w"] as const).filter((letter) => letters.includes(letter));
  if (given[0] === undefined || (letters.includes("r") && given.length > 1)) return undefined;
  return ACTIONS[given[0]];
}
