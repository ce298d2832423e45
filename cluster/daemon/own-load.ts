/** What this machine is doing, from /proc, as the gossip tells it. */

import { readOptional } from "../../init/machine/files.ts";

export interface OwnLoad {
  /** 100 is one process for each standard processor. */
  readonly load: number;
  readonly busy: number;
  readonly cpus: number;
  readonly memoryFree: number;
  readonly memoryTotal: number;
}

/** How much of the load is the last second's. */
const WEIGHT = 0.3;

/** A function that takes one reading each time it is called, once a second; `speed` is this machine's. */
export function createLoadMeter(root: string): (relativeSpeed: number) => OwnLoad {
  let before = { busy: 0, total: 0 };
  let running = 0;
  return (relativeSpeed) => {
    const ticks = parseTicks(readOptional(`${root}/proc/stat`) ?? "");
    const passed = ticks.total - before.total;
    const busy = passed > 0 ? Math.min(Math.max((ticks.busy - before.busy) / passed, 0), 1) : 0;
    before = ticks;
    running += WEIGHT * (countRunning(readOptional(`${root}/proc/loadavg`) ?? "") - running);
    const cpus = Math.max(ticks.cpus, 1);
    return {
      load: Math.round((100 * running) / cpus / relativeSpeed),
      busy,
      cpus,
      ...parseMemory(readOptional(`${root}/proc/meminfo`) ?? ""),
    };
  };
}

/** Ticks of all processors since the start; proc_stat(5). */
export function parseTicks(text: string): { busy: number; total: number; cpus: number } {
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number) ?? [];
  // guest and guest_nice, the ninth and tenth, are counted in user and nice already.
  const total = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: total - idle, total, cpus: text.match(/^cpu\d/gm)?.length ?? 0 };
}

/** The processes that run or want to, without this one; the fourth field of proc_loadavg(5). */
export function countRunning(text: string): number {
  const running = Number(/^\S+ \S+ \S+ (\d+)\//.exec(text)?.[1] ?? 1);
  return Math.max(running - 1, 0);
}

/** Bytes that can be had, and all; proc_meminfo(5). */
export function parseMemory(text: string): { memoryFree: number; memoryTotal: number } {
  const kibibytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  return { memoryFree: 1024 * kibibytes("MemAvailable"), memoryTotal: 1024 * kibibytes("MemTotal") };
}
