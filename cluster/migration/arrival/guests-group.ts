/** The control group of guests, which the supervisor makes: network.c. */

import { writeFileSync } from "node:fs";
import { treeOf } from "../../../probes/processes/process.ts";
import { failedWith } from "../../../system/kernel/syscall-error.ts";

/**
 * Puts all that a supervisor has restored into the group of guests. Nothing of it has run yet, and criu(8), which tries
 * out the loopback, has done so. @throws the error of the file system where the group is gone
 */
export function joinGroup(group: string, supervisor: number): void {
  for (const pid of treeOf("", supervisor)) if (pid !== supervisor) join(group, pid);
}

function join(group: string, pid: number): void {
  try {
    writeFileSync(`${group}/cgroup.procs`, String(pid));
  } catch (error) {
    // It has been killed: whatever of the guest is left must not run outside of the group.
    if (!failedWith(error, "ESRCH")) throw error;
  }
}
