/** How long a process stands still while it moves, beside criu(8) by itself on the same node. */

import { existsSync, readFileSync } from "node:fs";
import { NO_BREAKPOINTS } from "../../../cluster/migration/run-criu.ts";
import { until } from "../../lib/until.ts";
import { median } from "../median.ts";
import { end, type MovesBed } from "./bed.ts";

/** The share of its memory that a process changes a second. */
export const PERCENT = 5;
const BEFORE_MILLISECONDS = 500;

/** Milliseconds, medians: criu alone writes and restores the first size, and processes of these megabytes move. */
export async function measureFreeze(
  bed: MovesBed,
  rounds: number,
  megabytes: readonly [number, ...number[]],
): Promise<{ readonly alone: number; readonly moves: number[] }> {
  const alone: number[] = [];
  const moves = megabytes.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    alone.push(await dumpAndRestore(bed, megabytes[0]));
    for (const [index, size] of megabytes.entries()) moves[index]!.push(await longestPause(bed, size));
  }
  return { alone: median(alone), moves: moves.map(median) };
}

async function longestPause(bed: MovesBed, megabytes: number): Promise<number> {
  const [says, longest] = [bed.path("says"), bed.path("longest")];
  const program = `(echo $BASHPID >$PIDS; exec ${bed.pauses} ${megabytes} ${PERCENT} 2>${says})`;
  const job = await bed.start(`rm -f ${says}; ${program} | ${bed.pauses} >${longest}`);
  await filled(says);
  await bed.nodes.migrate(job.pid, "2");
  await Bun.sleep(BEFORE_MILLISECONDS);
  await end(job);
  if (!readFileSync(says, "utf8").endsWith("whole\n"))
    throw new Error("Cannot measure a move: the process has lost memory");
  return Number(readFileSync(longest, "utf8"));
}

async function dumpAndRestore(bed: MovesBed, megabytes: number): Promise<number> {
  const { criu } = bed;
  const says = bed.path("says");
  const program = `${bed.pauses} ${megabytes} ${PERCENT} 2>${says}`;
  const job = await bed.start(`rm -f ${says}; ${program} & echo $! >$PIDS; wait`);
  await filled(says);
  const words = `-D ${bed.path("alone")} -j --manage-cgroups=ignore`;
  const out = await bed.run(
    1,
    `rm -rf ${bed.path("alone")}; mkdir ${bed.path("alone")}; export CRIU_FAULT=${NO_BREAKPOINTS.CRIU_FAULT}; date +%s%N
${criu} dump -t ${job.pid} ${words} >&2 && ${criu} restore -d ${words} >&2 && date +%s%N; kill ${job.pid}`,
  );
  const [before, after] = out.trim().split("\n").map(Number);
  return (after! - before!) / 1e6;
}

/** Resolves a moment after the process has filled its memory. */
async function filled(says: string): Promise<void> {
  await until(() => existsSync(says) && readFileSync(says, "utf8").endsWith("\n"));
  await Bun.sleep(BEFORE_MILLISECONDS);
}
