/** The command line of setpe, as openMosix-tools 0.3.6 reads it. */

import { parseOptions } from "./getopt.ts";

export interface SetpeRequest {
  readonly action: "write" | "write by force" | "check" | "report" | "off";
  /** "-" is standard input, or standard output of a report. */
  readonly file: string;
  /** The own node number, where the command line gives it. */
  readonly node?: number;
}

export const SETPE_USAGE = `Usage: setpe -[w|W] [-n inet] [-c] [-p pe] [-g {0|1|2}] [-f filename|-]
       setpe -r [-f filename|-]
       setpe -off
`;

const LETTERS = "f:g:n:o:p:crwW";

const ACTIONS = { w: "write", W: "write by force", c: "check", r: "report" } as const;

/** What was asked for. @throws SyntaxError saying which option was wrong, and what was wanted */
export function parseSetpeOptions(words: readonly string[]): SetpeRequest {
  const options = parseOptions(words, LETTERS);
  const last = (letter: string) => options.findLast((option) => option.letter === letter)?.argument;
  expect(last("n"), "-n", /^inet$/, "inet");
  expect(last("g"), "-g", /^[012]$/, "0, 1 or 2");
  expect(last("o"), "-o", /^ff$/, "-off");
  const node = last("p");
  expect(node, "-p", /^[+-]?\d+$/, "a node number");
  const request = { action: findAction(options.map(({ letter }) => letter)), file: last("f") ?? "-" };
  return node === undefined ? request : { ...request, node: Number(node) };
}

/** `-off` before all, and `-c` keeps `-w` from writing. */
function findAction(letters: readonly string[]): SetpeRequest["action"] {
  if (letters.includes("o")) return "off";
  const asked = (["c", "r", "W", "w"] as const).filter((letter) => letters.includes(letter));
  if (asked[0] === undefined) throw new SyntaxError("nothing to do, and one of -w -W -c -r -off was wanted");
  if (asked.includes("r") && asked.length > 1) throw new SyntaxError("-r goes with none of -w -W -c");
  return ACTIONS[asked[0]];
}

function expect(value: string | undefined, option: string, wanted: RegExp, words: string): void {
  if (value !== undefined && !wanted.test(value)) {
    throw new SyntaxError(`${option} does not take '${value}', and ${words} was wanted`);
  }
}
