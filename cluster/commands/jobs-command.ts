/** The commands `clump jobs` and mps: what of this node runs elsewhere, and what runs here for others. */

import { basename } from "node:path";
import { listProcesses, type ProcessFacts, readProcess } from "../../probes/processes/process.ts";
import {
  asksForHelp,
  type CommandHelp,
  formatHelp,
  formatRefusal,
  printable,
} from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { JOB_PROGRAMS } from "../jobs/paths.ts";
import { askJobs, type JobsList, type JobView } from "../jobs/request.ts";
import { NO_JOBS } from "../moves-report.ts";
import type { CommandIo } from "./mosctl.ts";
import { formatTable } from "./table.ts";

export const JOBS_HELP: CommandHelp = {
  name: "clump jobs",
  forms: ["[--json]"],
  does: "lists the processes of this node that run on others, and the guests of others that run here",
  words: [["--json", "all that is known of them, for programs"]],
  document: "moves.md",
};

export const MPS_HELP: CommandHelp = {
  name: "mps",
  does: "lists the processes of this node with the node where each runs; 0 is this one",
  document: "moves.md",
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs `clump jobs` with the words after it. Returns the exit code. */
export async function runJobs(words: readonly string[], { stdout, stderr }: CommandIo): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(JOBS_HELP));
    return EXIT.ok;
  }
  const wrong = words.find((word, index) => word !== "--json" || index > 0);
  if (wrong !== undefined) {
    stderr(formatRefusal(JOBS_HELP, `Cannot use "${wrong}": --json or nothing was wanted`));
    return EXIT.usage;
  }
  try {
    const { jobs } = await listJobs();
    stdout(words.length > 0 ? `${JSON.stringify(jobs, undefined, 2)}\n` : formatJobs(jobs));
    return EXIT.ok;
  } catch (error) {
    stderr(`clump: Cannot list the jobs: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

/** Runs mps with the words after its name. Returns its exit code. */
export async function runMps(words: readonly string[], { stdout, stderr }: CommandIo): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(MPS_HELP));
    return EXIT.ok;
  }
  if (words.length > 0) {
    stderr(formatRefusal(MPS_HELP, `Cannot use "${words[0]}": nothing was wanted behind mps`));
    return EXIT.usage;
  }
  // Without the daemon all processes are at home.
  const list = await listJobs().catch(() => NONE);
  stdout(
    formatProcesses(
      list,
      listProcesses("").flatMap((pid) => readProcess("", pid) ?? []),
    ),
  );
  return EXIT.ok;
}

const NONE: JobsList = { jobs: [], locked: [] };

async function listJobs(): Promise<JobsList> {
  const reply = await askJobs({ verb: "list" });
  return "jobs" in reply ? reply : NONE;
}

/** Jobs that are away first, then guests; a table with a line for each. */
export function formatJobs(jobs: readonly JobView[]): string {
  if (jobs.length === 0) return `${NO_JOBS}\n`;
  const rows = jobs.map(({ kind, pid, name, node, address, seconds, moves }) => {
    const where = `${kind === "away" ? "on" : "of"} ${node || "?"} (${address})`;
    return [String(pid), printable(name), where, `${seconds}`, kind === "away" ? String(moves) : "-"];
  });
  return formatTable(["PID", "COMMAND", "WHERE", "SECONDS", "MOVES"], rows, [0, 3, 4]);
}

/** The columns of openMosix's mps; a process whose node is 0 is at home. */
export function formatProcesses({ jobs, locked }: JobsList, processes: readonly ProcessFacts[]): string {
  const away = jobs.filter(({ kind }) => kind === "away");
  const nodes = new Map(away.map(({ pid, node }) => [pid, node]));
  const moves = new Map(away.map((job) => [job.pid, job.moves ?? 0]));
  const rows = withoutGuests(processes).flatMap(({ pid, isKernelThread, argv, name, state }) => {
    if (isKernelThread) return [];
    const command = printable(argv.join(" ") || `[${name}]`);
    const [node = 0, count = 0] = [nodes.get(pid), moves.get(pid)];
    const lock = locked.includes(pid) ? "1" : "";
    return [[String(pid), String(node), String(count), state, lock, command]];
  });
  return formatTable(["PID", "NODE", "NMIGS", "STAT", "LOCK", "COMMAND"], rows, [0, 1, 2]);
}

const SUPERVISOR = basename(JOB_PROGRAMS.supervisor);

/** Without processes of other nodes, and without what runs on for a process that has come home: that has its line. */
function withoutGuests(processes: readonly ProcessFacts[]): readonly ProcessFacts[] {
  const byPid = new Map(processes.map((facts) => [facts.pid, facts]));
  const isGuest = ({ parent }: ProcessFacts): boolean => {
    const above = byPid.get(parent);
    return above !== undefined && (above.name === SUPERVISOR || isGuest(above));
  };
  return processes.filter((facts) => !isGuest(facts));
}
