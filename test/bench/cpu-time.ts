import { readFileSync } from "node:fs";

/** As sysconf(_SC_CLK_TCK) on every x86. */
const TICKS_A_SECOND = 100;

/** Seconds that a process has had of a processor: its utime and stime, proc_pid_stat(5). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
