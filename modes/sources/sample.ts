/**
 * Samples of this machine's load and memory. Memory comes from systeminformation; the load comes from /proc, because
 * systeminformation's currentLoad() runs `cat | grep` for each sample.
 */

import { closeSync, openSync, readSync } from "node:fs";
import { busyShare, parseTicks } from "../../probes/processors.ts";
import { type Memory, readMemory } from "./memory.ts";

export interface Sample extends Memory {
  /** Share of all CPUs that was busy since the sample before, 0 to 1. */
  readonly load: number;
  readonly cpus: number;
  /** Seconds since the kernel started. */
  readonly uptime: number;
}

/** The sample that a page shows before its first one is taken. */
export const NO_SAMPLE: Sample = { load: 0, cpus: 0, memoryUsed: 0, memoryTotal: 0, uptime: 0 };

export class Sampler {
  readonly #root: string;
  readonly #memoryOf: () => Promise<Memory>;
  #before = { busy: 0, total: 0 };

  /** Samples the machine whose /proc is below `root`. */
  constructor(root: string, memoryOf: () => Promise<Memory> = readMemory) {
    this.#root = root;
    this.#memoryOf = memoryOf;
  }

  /** Takes one sample; its load is that of the time since the sample before. */
  async sample(): Promise<Sample> {
    const ticks = parseTicks(readProc(`${this.#root}/proc/stat`));
    const load = busyShare(this.#before, ticks);
    this.#before = ticks;
    return {
      load,
      cpus: ticks.cpus,
      ...(await this.#memoryOf()),
      uptime: Number.parseFloat(readProc(`${this.#root}/proc/uptime`)) || 0,
    };
  }
}

/** Bytes read of a file; the lines of processors come first in /proc/stat, before a very long line of interrupts. */
const MOST_BYTES = 32_768;
const buffer = Buffer.alloc(MOST_BYTES);

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
