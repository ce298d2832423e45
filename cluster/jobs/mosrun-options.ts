/** The options of mosrun, as openMosix-tools 0.3.6 have them. */

import type { CommandHelp } from "../../system/command-help.ts";

export interface RunWish {
  /** Where to begin: one of these nodes, or "home"; absent where the process stays where it is. */
  readonly to?: readonly string[] | "home";
  /** Runs here where it cannot run there. */
  readonly isForced: boolean;
  /** Whether load balancing leaves the process where it is; absent: as its parent. */
  readonly isLocked?: boolean;
  /** Started again from its last image where its node dies. */
  readonly isKept?: true;
}

export const MOSRUN_HELP: CommandHelp = {
  name: "mosrun",
  forms: ["[-N|-h|-jN1-N2,N3] [-F] [-l|-L|-k] [--keep] PROGRAM [ARGUMENT ...]"],
  does: "runs a program on another node, with pid, terminal and files of this one",
  words: [
    ["-N", "on node N"],
    ["-h", "on this node, its home"],
    ["-jN1-N2,N3", "on one of these nodes, by chance"],
    ["-F", "here where it cannot run there; without it mosrun says Migration Failed, and ends with 1"],
    ["-l, -L, -k", "unlocked, locked, or as its parent: load balancing leaves a locked process where it is"],
    ["--keep", "started again, from the image of its last move away from here, where its node dies"],
    ["-c, -i, -n, -s, -f, -e, -E, -r, -R", "taken as openMosix takes them; they change nothing here"],
    ["-d N, -t N", "the same"],
    ["-z", "the word behind PROGRAM is the name that PROGRAM gets"],
  ],
  document: "moves.md",
};

const HIGHEST_NODE = 65_535;
const MOST_NODES = 1_024;
/** Letters of decay, which are statistics of openMosix's kernel. */
const DECAY = "cinsfeErR";
const SYNONYMS: Readonly<Record<string, string>> = {
  ...{ C: "c", D: "d", H: "h", I: "i", N: "n", S: "s", T: "t", Z: "z" },
};

/** @throws RangeError naming the wrong word */
export function parseRunWish(words: readonly string[]): RunWish {
  let to: RunWish["to"];
  let lock: string | undefined;
  let isForced = false;
  let isKept = false;
  let decays = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const nodes = parseNodes(word);
    if (nodes !== undefined) to = nodes;
    else if (word === "--keep") isKept = true;
    else
      for (const each of /^-[A-Za-z]+$/.test(word) ? word.slice(1) : "?") {
        const letter = SYNONYMS[each] ?? each;
        if (letter === "h") to = "home";
        else if (letter === "F") isForced = true;
        else if ("lLk".includes(letter)) lock = letter;
        else if (DECAY.includes(letter)) decays = true;
        else if (letter === "d" || letter === "t") {
          index += 1;
          decays = true;
          if (!/^\d{1,5}$/.test(words[index] ?? "")) throw unusable(`${word} ${words[index] ?? ""}`.trim());
        } else if (letter !== "z") throw unusable(word);
      }
  }
  // openMosix's rule where nothing was said.
  lock ??= to !== undefined || !decays ? "L" : "k";
  return {
    ...(to !== undefined && { to }),
    isForced,
    ...(isKept && { isKept }),
    ...(lock !== "k" && { isLocked: lock === "L" }),
  };
}

/** -3, or -j1-4,9. @throws RangeError where no number is that of a node */
function parseNodes(word: string): string[] | undefined {
  const [, list = ""] = /^-j?(\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*)$/.exec(word) ?? [];
  if (list === "" || (!word.startsWith("-j") && !/^-\d+$/.test(word))) return undefined;
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    if (first < 1 || last > HIGHEST_NODE || last < first || last - first >= MOST_NODES) throw unusable(word);
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  });
}

function unusable(word: string): RangeError {
  return new RangeError(`Cannot use "${word}": -N, -h, -jN1-N2, -F, -l, -L, -k or --keep was wanted`);
}
