/** How much processor each process wants, also where it has to wait for one: /proc/PID/schedstat, proc(5) and sched-stats.rst of the kernel. */

import { listOptional, readOptional } from "../../system/files.ts";
import { listProcesses, readStat } from "./process.ts";

export interface ProcessDemand {
  readonly pid: number;
  /** Clock ticks, field 22 of /proc/PID/stat. */
  readonly startTime: number;
  /** Processor seconds since its start. */
  readonly used: number;
  /** Seconds since its start in which its threads ran or waited for a processor. */
  readonly wanted: number;
  /** Share of the last seconds in which it ran or waited for a processor; above 1 with threads. */
  readonly demand: number;
  /** Resident bytes. */
  readonly memory: number;
  /** Whether it belongs to a session: what process 1 has started belongs to none, and criu(8) cannot move it. */
  readonly hasSession: boolean;
  /** Whether it leads the session of a terminal, as a shell at a prompt does. */
  readonly isSessionLeader: boolean;
}

interface Reading {
  /** Nanoseconds. */
  readonly at: number;
  readonly wanted: number;
}

const PAGE = 4_096;
/** So many readings are looked back, and so far: nanoseconds. */
const READINGS = 3;
const LONGEST_NANOSECONDS = 5e9;

export class DemandMeter {
  readonly #root: string;
  #readings = new Map<string, readonly Reading[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Takes one reading of all processes of users; a process is in the answer from its second reading on. `now` in seconds. */
  read(now: number): ProcessDemand[] {
    const before = this.#readings;
    this.#readings = new Map();
    return listProcesses(this.#root).flatMap((pid) => this.#readOne(pid, now * 1e9, before));
  }

  #readOne(pid: number, at: number, before: ReadonlyMap<string, readonly Reading[]>): ProcessDemand[] {
    const stat = readStat(this.#root, pid);
    if (stat === undefined || stat.isKernelThread) return [];
    const { used, field } = stat;
    const startTime = field(22);
    const wanted = this.#wanted(pid, field(20));
    const recent = (before.get(`${pid} ${startTime}`) ?? []).filter(
      (each) => at - each.at <= LONGEST_NANOSECONDS,
    );
    this.#readings.set(`${pid} ${startTime}`, [...recent, { at, wanted }].slice(-READINGS));
    const [oldest] = recent;
    if (oldest === undefined || at <= oldest.at) return [];
    return [
      {
        ...{ pid, startTime, used, memory: PAGE * field(24) },
        wanted: wanted / 1e9,
        demand: Math.max(0, (wanted - oldest.wanted) / (at - oldest.at)),
        hasSession: field(6) !== 0,
        isSessionLeader: field(6) === pid && field(7) !== 0,
      },
    ];
  }

  /** Nanoseconds in which the threads of a process ran, or waited for a processor. */
  #wanted(pid: number, threads: number): number {
    const folder = `${this.#root}/proc/${pid}`;
    const paths =
      threads > 1 ? listOptional(`${folder}/task`).map((thread) => `${folder}/task/${thread}`) : [folder];
    const texts = paths.map((path) => readOptional(`${path}/schedstat`) ?? "");
    return texts.reduce((sum, text) => {
      const [ran = 0, waited = 0] = text.split(" ").map(Number);
      return sum + ran + waited;
    }, 0);
  }
}
