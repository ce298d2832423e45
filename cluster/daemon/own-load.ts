/** What this machine is doing, from /proc and the daemon of moves, as the gossip tells it. */

import { parseMemory } from "../../probes/memory.ts";
import { readProcessor } from "../../probes/processor-level.ts";
import { busyShare, countRunning, parseTicks } from "../../probes/processors.ts";
import { readOptional } from "../../system/files.ts";
import { countJobs, type JobNumbers, MovesFile } from "../moves-report.ts";

export interface OwnLoad extends JobNumbers {
  /** 100 is one process for each standard processor. */
  readonly load: number;
  readonly busy: number;
  readonly cpus: number;
  readonly memoryFree: number;
  readonly memoryTotal: number;
  /** What its processors can do, probes/processor-level.ts. */
  readonly processor: number;
}

/** How much of the load is the last second's. */
const WEIGHT = 0.3;

/** A function that takes one reading each time it is called, once a second; `speed` is this machine's. */
export function createLoadMeter(root: string): (relativeSpeed: number) => OwnLoad {
  const moves = new MovesFile(root);
  let before = { busy: 0, total: 0 };
  let running = 0;
  const processor = readProcessor(root);
  return (relativeSpeed) => {
    const ticks = parseTicks(readOptional(`${root}/proc/stat`) ?? "");
    const busy = busyShare(before, ticks);
    before = ticks;
    running += WEIGHT * (countRunning(readOptional(`${root}/proc/loadavg`) ?? "") - running);
    const cpus = Math.max(ticks.cpus, 1);
    return {
      load: Math.round((100 * running) / cpus / relativeSpeed),
      busy,
      cpus,
      processor,
      ...parseMemory(readOptional(`${root}/proc/meminfo`) ?? ""),
      ...countJobs(moves.read()),
    };
  };
}
