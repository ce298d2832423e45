/** The command `clump demo`: makes a load on this node, so that there is something to see. */

import { availableParallelism, setPriority } from "node:os";
import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import type { CommandIo } from "./mosctl.ts";

const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 3_600;
const MOST_PROCESSES = 256;

export const DEMO_HELP: CommandHelp = {
  name: "clump demo",
  forms: ["load [SECONDS [PROCESSES]]"],
  does: "makes a load on this node, so that the bars of all screens move",
  words: [
    ["SECONDS", `how long the processes compute, default ${DEFAULT_SECONDS}, at most ${MOST_SECONDS}`],
    ["PROCESSES", `their number, default one for each processor, at most ${MOST_PROCESSES}`],
  ],
  notes: ["The processes yield to all others; Ctrl-C ends them."],
  examples: ["clump demo load 60"],
  document: "getting-started.md#a-cluster-on-your-desk",
};

const EXIT = { ok: 0, usage: 2, interrupted: 130 } as const;
/** The lowest priority: the node stays as quick as it was. */
const NICENESS = 19;

export interface Load {
  readonly seconds: number;
  readonly processes: number;
}

interface Child {
  readonly pid: number;
  readonly exited: Promise<number>;
  kill(): void;
}

export type SpawnChild = (command: string[]) => Child;

/** Runs `clump demo` with the words behind it. Returns the exit code. */
export async function runDemo(
  words: readonly string[],
  { stdout, stderr }: CommandIo,
  // Bun's own pipes are sockets, and a process with a socket does not move.
  spawn: SpawnChild = (command) => Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] }),
): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(DEMO_HELP));
    return EXIT.ok;
  }
  let load: Load;
  try {
    load = parseDemo(words);
  } catch (error) {
    stderr(formatRefusal(DEMO_HELP, reason(error)));
    return EXIT.usage;
  }
  const { seconds, processes } = load;
  stdout(
    `${processes} process${processes === 1 ? " computes" : "es compute"} for ${seconds} s; Ctrl-C ends it\n`,
  );
  return (await compute(load, spawn)) ? EXIT.ok : EXIT.interrupted;
}

/** @throws RangeError that names the wrong word, and says what was wanted */
export function parseDemo([what, seconds, processes, surplus]: readonly string[]): Load {
  if (what === undefined) throw new RangeError("Cannot show a demo: no word says which, and load was wanted");
  if (what !== "load") throw new RangeError(`Cannot show "${what}": load was wanted`);
  if (surplus !== undefined)
    throw new RangeError(`Cannot use "${surplus}": nothing was wanted behind the number of processes`);
  return {
    seconds: count("seconds", seconds ?? String(DEFAULT_SECONDS), MOST_SECONDS),
    processes: count("processes", processes ?? String(availableParallelism()), MOST_PROCESSES),
  };
}

function count(what: string, text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new RangeError(`Cannot compute for "${text}" ${what}: a whole number from 1 to ${most} was wanted`);
}

/** Whether the processes computed to their end; a signal ends them before it. */
async function compute({ seconds, processes }: Load, spawn: SpawnChild): Promise<boolean> {
  // timeout(1) ends each of them, even where this program is killed.
  const command = ["timeout", String(seconds), "sh", "-c", "while :; do :; done"];
  const children = Array.from({ length: processes }, () => spawn([...command]));
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    for (const child of children) child.kill();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  for (const { pid } of children) stepBack(pid);
  await Promise.all(children.map(({ exited }) => exited));
  for (const signal of signals) process.off(signal, interrupt);
  return !isInterrupted;
}

function stepBack(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // The process has ended already.
  }
}
