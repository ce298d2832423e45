/** The command migrate of openMosix: moves a process to another node. */

import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { askJobs } from "../jobs/request.ts";
import type { CommandIo } from "./mosctl.ts";

export const MIGRATE_HELP: CommandHelp = {
  name: "migrate",
  forms: ["PID NODE"],
  does: "moves a process to another node",
  words: [
    ["PID", "the number of the process, as mps lists it"],
    ["NODE", 'the number or the address of the node; "home" brings the process back'],
  ],
  examples: ["migrate 4711 2", "migrate $! home"],
  document: "moves.md",
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs migrate with the words after its name. Returns its exit code. */
export async function runMigrate(argv: readonly string[], { stdout, stderr }: CommandIo): Promise<number> {
  const [pid = "", to = ""] = argv;
  if (asksForHelp(argv)) {
    stdout(formatHelp(MIGRATE_HELP));
    return EXIT.ok;
  }
  const wrong = findWrong(argv);
  if (wrong !== undefined) {
    stderr(formatRefusal(MIGRATE_HELP, wrong));
    return EXIT.usage;
  }
  try {
    await askJobs({ verb: "migrate", pid: Number(pid), to });
    return EXIT.ok;
  } catch (error) {
    stderr(`migrate: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

function findWrong([pid = "", to = "", surplus]: readonly string[]): string | undefined {
  if (pid === "") return "Cannot move a process: its number was wanted, and a node behind it";
  if (!/^[1-9]\d{0,6}$/.test(pid)) return `Cannot move "${pid}": the number of a process was wanted`;
  if (to === "") return `Cannot move process ${pid}: the number or address of a node was wanted behind it`;
  if (surplus !== undefined) return `Cannot use "${surplus}": nothing was wanted behind the node`;
  return undefined;
}
