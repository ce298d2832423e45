/** Whether a process belongs to a job of Slurm: Slurm has given it processors and memory of this node, and looks after it. */

import { basename } from "node:path";
import { readOptional } from "../../system/files.ts";
import { readLink, readProcess } from "./process.ts";

/** What starts each step of a job, and stays until the step ends: slurmstepd(8). */
const STEP = "slurmstepd";
/** The cgroups of jobs: "0::/system.slice/node7_slurmstepd.scope/job_7/step_0/user/task_0", "9:cpuset:/slurm/uid_0/job_7". */
const CGROUP = /:\/(.*\/)?(slurm\w*\/uid_\d+|[^/]*slurmstepd\.scope)\/job_\d+(\/|$)/m;

export function isOfSlurm(root: string, pid: number): boolean {
  if (CGROUP.test(readOptional(`${root}/proc/${pid}/cgroup`) ?? "")) return true;
  // Without cgroups of Slurm the steps are the ancestors of their processes.
  for (let each: number | undefined = pid; each !== undefined && each > 1; each = parentOf(root, each))
    if (basename(readLink(`${root}/proc/${each}/exe`) ?? "").startsWith(STEP)) return true;
  return false;
}

function parentOf(root: string, pid: number): number | undefined {
  return readProcess(root, pid)?.parent;
}
