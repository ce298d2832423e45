/** What moves cost a node while nothing moves: before the first use, after it, and with a hundred jobs away. */

import { readdirSync, readFileSync } from "node:fs";
import { end, type Job, type MovesBed } from "./bed.ts";

const JOBS = 100;
const AT_ONCE = 4;
const LOOK_MILLISECONDS = 20_000;

/** Processes for moves on a node that has not used them, and megabytes (PSS) that they hold. */
export function measureUnused(bed: MovesBed): [processes: number, megabytes: number] {
  const pids = bed.nodes.node(2).pids.filter((pid) => nameOf(pid).startsWith("clump"));
  return [pids.length, pids.reduce((sum, pid) => sum + megabytesOf(pid, "Pss"), 0)];
}

/** Share of a processor, 0 to 1, that all of node 1 takes while no job is away. */
export async function measureIdle(bed: MovesBed): Promise<number> {
  return await shareOf(() => bed.nodes.node(1).processorSeconds);
}

export interface DeputiesCost {
  /** The most resident megabytes of a deputy. */
  readonly megabytes: number;
  /** Shares of a processor, 0 to 1: of all deputies, and of their whole node. */
  readonly share: number;
  readonly nodeShare: number;
}

/** The cost of a hundred deputies, whose guests sleep on nodes 2 and 3. */
export async function measureDeputies(bed: MovesBed): Promise<DeputiesCost> {
  const jobs: Job[] = [];
  for (let count = 0; count < JOBS; count++)
    jobs.push(await bed.start(`(echo $BASHPID >$PIDS; exec sleep 100000) | cat`));
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let job = waiting.pop(); job !== undefined; job = waiting.pop())
        await bed.nodes.migrate(job.pid, waiting.length % 2 === 0 ? "2" : "3");
    }),
  );
  const [megabytes, deputies] = [
    Math.max(...jobs.map(({ pid }) => megabytesOf(pid, "Rss"))),
    () => jobs.reduce((sum, { pid }) => sum + secondsOf(pid), 0),
  ];
  const [share, nodeShare] = await Promise.all([
    shareOf(deputies),
    shareOf(() => bed.nodes.node(1).processorSeconds),
  ]);
  for (const job of jobs) await end(job);
  return { megabytes, share, nodeShare };
}

async function shareOf(seconds: () => number): Promise<number> {
  const [before, start] = [seconds(), performance.now()];
  await Bun.sleep(LOOK_MILLISECONDS);
  return ((seconds() - before) * 1_000) / (performance.now() - start);
}

/** By nanoseconds, because a deputy takes less than a tick: the kernel's documentation of sched-stats. */
function secondsOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const spent = tasks.map((task) =>
    Number.parseInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8"), 10),
  );
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;
}

function megabytesOf(pid: number, kind: "Pss" | "Rss"): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(new RegExp(`^${kind}: +(\\d+)`, "m").exec(text)?.[1]) / 1_024;
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
}
