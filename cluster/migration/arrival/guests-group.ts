/** The control group of guests, which the supervisor makes: network.c. */

import { writeFileSync } from "node:fs";
import { treeOf } from "../../../probes/processes/process.ts";

/**
 * Puts all that a supervisor has restored into the group of guests. Nothing of it has run yet, and criu(8), which tries
 * out the loopback, has done so. @throws the error of the file system where the group or a process is gone
 */
export function joinGroup(group: string, supervisor: number): void {
  for (const pid of treeOf("", supervisor))
    if (pid !== supervisor) writeFileSync(`${group}/cgroup.procs`, String(pid));
}
