/** The command line of clumpview. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { MOST_DEMO_NODES } from "../sources/demo.ts";
import { isDumb } from "../terminal/own-terminal.ts";

export interface ClumpviewOptions {
  /** Terminals to show this node on; none means the caller's terminal. */
  readonly consoles: readonly string[];
  readonly ascii: boolean;
  readonly mono: boolean;
  /** Output instead of pages: text once, JSON once, or JSON each second. */
  readonly prints?: "once" | "json" | "record" | undefined;
  /** Number of made-up nodes. */
  readonly demo?: number | undefined;
  /** Path of a file of frames. */
  readonly recorded?: string | undefined;
  /** The node to ask for its view, as "10.0.0.7:5430". */
  readonly host?: string | undefined;
  /** Path of the file with that cluster's key. */
  readonly key?: string | undefined;
  /** Keys that count as pressed at the start. */
  readonly pressed: string;
  /** Keeps this node's processes from migrating away. */
  readonly drone: boolean;
  readonly help: boolean;
}

export const CLUMPVIEW_HELP: CommandHelp = {
  name: "clumpview",
  forms: [
    "[--mono] [--ascii] [--drone] [-lsmruwvVadtj] [SOURCE]",
    "--once | --json | --record [SOURCE]",
    "--console /dev/tty1 [--console /dev/ttyS0 ...]",
  ],
  does: "shows this node and its cluster",
  words: [
    ["--once", "print this node and its cluster as text, as where TERM is dumb"],
    ["--json", "the same as one line of JSON"],
    ["--record", "a line of JSON each second, until a signal"],
    ["SOURCE", "this node, or one of --host, --recorded and --demo"],
    ["--host NODE", "another node, whose clump.control= is reached from here"],
    ["--recorded FILE", "the output of --record"],
    ["--demo N", `N made-up nodes, at most ${MOST_DEMO_NODES}`],
    ["--key FILE", "the key of the other node's cluster, default /etc/clump.key"],
    ["-m -s ...", "start as if that key had been pressed; h lists the keys"],
    ["--mono", "no colours, as where NO_COLOR is set"],
    ["--ascii", "no boxes and blocks"],
    ["--drone", "this node's processes stay here, as by mosctl lstay"],
    ["--console PATH", "show this node there, and shut it down by ESC"],
    ["--svgalib", "accepted for old scripts, without effect"],
  ],
  document: "clumpview.md",
};

/** Options of mosmon, and the page of jobs; each letter is also a key. */
const MOSMON_LETTERS = /^-[lsmruwvVadtj]+$/;
/** The dash, and letters that ask mosmon for the dead and the total, which clumpview shows anyway. */
const SHOWN_ANYWAY = /[-dt]/g;

const PRINTS = ["once", "json", "record"] as const;

const FLAG = { type: "boolean", default: false } as const;

/** As parseArgs() of node:util takes them. */
export const CLUMPVIEW_OPTIONS = {
  console: { type: "string", multiple: true, default: [] as string[] },
  demo: { type: "string" },
  recorded: { type: "string" },
  host: { type: "string" },
  key: { type: "string" },
  ascii: FLAG,
  mono: FLAG,
  once: FLAG,
  json: FLAG,
  record: FLAG,
  drone: FLAG,
  svgalib: FLAG,
  help: { ...FLAG, short: "h" },
} as const;

/** @throws RangeError naming an unknown option or naming an invalid value */
export function parseClumpviewOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ClumpviewOptions {
  const letters = argv.filter((word) => MOSMON_LETTERS.test(word));
  const { values } = parseArguments({
    args: argv.filter((word) => !letters.includes(word)),
    options: CLUMPVIEW_OPTIONS,
  });
  const prints = PRINTS.filter((name) => values[name]);
  refuseBoth("print", prints);
  refuseBoth(
    "show",
    ["demo", "recorded", "host"].filter((name) => Reflect.get(values, name) !== undefined),
  );
  // https://no-color.org: any value but the empty one.
  const isPlain = (environment["NO_COLOR"] ?? "") !== "" || isDumb(environment);
  return {
    consoles: [...new Set(values.console)],
    ascii: values.ascii,
    mono: values.mono || isPlain,
    prints: prints[0] ?? (isDumb(environment) && values.console.length === 0 ? "once" : undefined),
    demo: values.demo === undefined ? undefined : parseCount(values.demo),
    recorded: values.recorded,
    host: values.host,
    key: values.key,
    pressed: letters.join("").replaceAll(SHOWN_ANYWAY, ""),
    drone: values.drone,
    help: values.help,
  };
}

function refuseBoth(what: string, words: readonly string[]): void {
  if (words.length < 2) return;
  throw new RangeError(
    `Cannot ${what}: ${words.map((word) => `--${word}`).join(" and ")} were given, and one was wanted`,
  );
}

function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_DEMO_NODES) return count;
  throw new RangeError(`Cannot make up "${text}" nodes: 1 to ${MOST_DEMO_NODES} were wanted`);
}
