/** A pid alone may be used again: a record names the start of its process too. */

import { readProcess } from "../../probes/processes/process.ts";

/** Whether the very process is there still, and not another with its pid. */
export function isAlive({ pid, startTime }: { readonly pid: number; readonly startTime: number }): boolean {
  const facts = readProcess("", pid);
  return facts !== undefined && facts.state !== "Z" && facts.state !== "X" && facts.startTime === startTime;
}
