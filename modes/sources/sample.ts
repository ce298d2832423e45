/**
 * One reading of what this machine is doing. Memory comes from systeminformation; the load from /proc, because
 * its currentLoad() runs `cat | grep` for each reading.
 */

import { closeSync, openSync, readSync } from "node:fs";
import { busyShare, parseTicks } from "../../probes/processors.ts";
import { type Memory, readMemory } from "./memory.ts";

export interface Sample extends Memory {
  /** Share of all CPUs that was busy since the reading before, 0 to 1. */
  readonly load: number;
  readonly cpus: number;
  /** Seconds since the kernel started. */
  readonly uptime: number;
}

/** What a page shows before its first reading. */
export const NO_SAMPLE: Sample = { load: 0, cpus: 0, memoryUsed: 0, memoryTotal: 0, uptime: 0 };

/** A function that takes a reading of the machine each time it is called; `root` is where its /proc is. */
export function createSampler(
  root: string,
  memoryOf: () => Promise<Memory> = readMemory,
): () => Promise<Sample> {
  let before = { busy: 0, total: 0 };
  return async () => {
    const ticks = parseTicks(readProc(`${root}/proc/stat`));
    const load = busyShare(before, ticks);
    before = ticks;
    return {
      load,
      cpus: ticks.cpus,
      ...(await memoryOf()),
      uptime: Number.parseFloat(readProc(`${root}/proc/uptime`)) || 0,
    };
  };
}

/** /proc/stat ends in a very long line of interrupts, which nobody here wants. */
const ENOUGH = 32_768;
const buffer = Buffer.alloc(ENOUGH);

function readProc(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      return buffer.toString("latin1", 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
