/** How fast a job runs while it is away, beside its speed at home. */

import { existsSync, readFileSync } from "node:fs";
import { cpuSeconds } from "../cpu-time.ts";
import { median } from "../median.ts";
import { end, type Job, type MovesBed } from "./bed.ts";

/** Seconds of a processor for a line of a job that computes, and of one that writes 10,000 lines a second. */
const LONG_LINE = 0.1;
const SHORT_LINE = 0.0001;
const CALIBRATION_SPINS = 10_000_000;
const WINDOW_MILLISECONDS = 5_000;
const SETTLE_MILLISECONDS = 1_500;
const LEAST_LINES = 4;

/**
 * The speed of a moved job that computes, as a multiple of that at home: processor time for the same work, to which
 * all that both nodes need for moves is added.
 */
export async function measureComputing(bed: MovesBed, rounds: number): Promise<number> {
  const spins = await spinsFor(bed, LONG_LINE);
  const lines = bed.path("computing");
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const job = await bed.start(`${bed.speed} ${spins} >${lines} & echo $! >$PIDS; wait`);
    const home = await costOfLine(bed, lines, job.pid);
    await bed.nodes.migrate(job.pid, "2");
    const away = await costOfLine(bed, lines, findGuest(bed));
    await end(job);
    ratios.push(home / away);
  }
  return median(ratios);
}

/** Seconds of a processor that a line takes, what both nodes do beside it included. */
async function costOfLine(bed: MovesBed, lines: string, pid: number): Promise<number> {
  await Bun.sleep(SETTLE_MILLISECONDS);
  const begin = readNumbers(lines).length;
  const usage = () => bed.nodes.node(1).processorSeconds + bed.nodes.node(2).processorSeconds;
  const [all, own] = [usage(), cpuSeconds(pid)];
  do await Bun.sleep(WINDOW_MILLISECONDS);
  while (readNumbers(lines).length < begin + LEAST_LINES);
  const ownSpent = cpuSeconds(pid) - own;
  const beside = usage() - all - ownSpent;
  return (median(readNumbers(lines).slice(begin + 1)) / 1e9) * (1 + Math.max(0, beside) / ownSpent);
}

/** Lines a second of a job that writes 10,000 a second where it has a processor for itself: at home, and away. */
export async function measurePrinting(bed: MovesBed, rounds: number): Promise<[home: number, away: number]> {
  const spins = await spinsFor(bed, SHORT_LINE);
  const counts = bed.path("counts");
  const [home, away]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const script = `(echo $BASHPID >$PIDS; exec ${bed.speed} ${spins}) | ${bed.speed} >${counts}`;
    const job: Job = await bed.start(script);
    home.push(...(await countsOfWindow(counts)));
    await bed.nodes.migrate(job.pid, "2");
    away.push(...(await countsOfWindow(counts)));
    await end(job);
  }
  return [median(home), median(away)];
}

async function countsOfWindow(counts: string): Promise<number[]> {
  await Bun.sleep(SETTLE_MILLISECONDS);
  const before = readNumbers(counts).length;
  await Bun.sleep(WINDOW_MILLISECONDS);
  return readNumbers(counts).slice(before + 1);
}

/** How many rounds of computing take so many seconds of a processor. */
async function spinsFor(bed: MovesBed, seconds: number): Promise<number> {
  const line = await bed.run(1, `${bed.speed} ${CALIBRATION_SPINS} | head -n 2 | tail -n 1`);
  return Math.round((CALIBRATION_SPINS * seconds * 1e9) / Number.parseInt(line, 10));
}

/** The first number of each whole line. */
function readNumbers(path: string): number[] {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return lines.map((line) => Number.parseInt(line, 10));
}

/** The pid of the guest on node 2, as this machine calls it. */
function findGuest(bed: MovesBed): number {
  const isGuest = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(`${bed.speed}\0`);
  const pid = bed.nodes.node(2).pids.find(isGuest);
  if (pid === undefined) throw new Error("Cannot measure: the guest is not on node 2");
  return pid;
}
