/** How long a process stands still while it moves, beside criu(8) by itself on the same node. */

import { readFileSync } from "node:fs";
import { NO_BREAKPOINTS } from "../../../cluster/migration/run-criu.ts";
import { median } from "../median.ts";
import { end, type MovesBed } from "./bed.ts";

const MEGABYTES = 10;
const PERCENT = 5;
const BEFORE_MILLISECONDS = 500;

/** Milliseconds, medians: criu alone writes and restores 10 MB, and a process of 10 MB moves. */
export async function measureFreeze(bed: MovesBed, rounds: number): Promise<[alone: number, move: number]> {
  const [alone, moves]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    alone.push(await dumpAndRestore(bed));
    moves.push(await longestPause(bed));
  }
  return [median(alone), median(moves)];
}

async function longestPause(bed: MovesBed): Promise<number> {
  const [says, longest] = [bed.path("says"), bed.path("longest")];
  const program = `(echo $BASHPID >$PIDS; exec ${bed.pauses} ${MEGABYTES} ${PERCENT} 2>${says})`;
  const job = await bed.start(`${program} | ${bed.pauses} >${longest}`);
  await Bun.sleep(BEFORE_MILLISECONDS);
  await bed.nodes.migrate(job.pid, "2");
  await Bun.sleep(BEFORE_MILLISECONDS);
  await end(job);
  if (!readFileSync(says, "utf8").endsWith("whole\n"))
    throw new Error("Cannot measure a move: the process has lost memory");
  return Number(readFileSync(longest, "utf8"));
}

async function dumpAndRestore(bed: MovesBed): Promise<number> {
  const { criu } = bed;
  const job = await bed.start(`${bed.pauses} ${MEGABYTES} ${PERCENT} & echo $! >$PIDS; wait`);
  await Bun.sleep(BEFORE_MILLISECONDS);
  const words = `-D ${bed.path("alone")} -j --manage-cgroups=ignore`;
  const out = await bed.run(
    1,
    `rm -rf ${bed.path("alone")}; mkdir ${bed.path("alone")}; export CRIU_FAULT=${NO_BREAKPOINTS.CRIU_FAULT}; date +%s%N
${criu} dump -t ${job.pid} ${words} >&2 && ${criu} restore -d ${words} >&2 && date +%s%N; kill ${job.pid}`,
  );
  const [before, after] = out.trim().split("\n").map(Number);
  return (after! - before!) / 1e6;
}
