/**
 * One reading of what this machine is doing. Memory comes from systeminformation; the load from /proc, because
 * its currentLoad() runs `cat | grep` for each reading.
 */

import { closeSync, openSync, readSync } from "node:fs";
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
    const { busy, total, cpus } = parseStat(readProc(`${root}/proc/stat`));
    const passed = total - before.total;
    const load = passed > 0 ? Math.min(Math.max((busy - before.busy) / passed, 0), 1) : 0;
    before = { busy, total };
    return {
      load,
      cpus,
      ...(await memoryOf()),
      uptime: Number.parseFloat(readProc(`${root}/proc/uptime`)) || 0,
    };
  };
}

/** Ticks of all CPUs since the start, and how many CPUs there are; proc_stat(5). */
export function parseStat(text: string): { busy: number; total: number; cpus: number } {
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number) ?? [];
  // guest and guest_nice, the ninth and tenth, are counted in user and nice already.
  const total = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: total - idle, total, cpus: text.match(/^cpu\d/gm)?.length ?? 0 };
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
