import { expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { isOfSlurm } from "../../../../probes/processes/slurm.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const STATUS = { status: "Uid:\t0\n" };

/** Processes by pid: parent, program, cgroup. */
function processes(list: Readonly<Record<number, readonly [parent: number, exe: string, cgroup?: string]>>) {
  const root = makeRoot(
    Object.fromEntries(
      Object.entries(list).flatMap(([pid, [parent, , cgroup = "0::/"]]) => [
        [`/proc/${pid}/stat`, `${pid} (x) S ${parent} 7 7 0 -1 4194304 0 0 0 0 1 1 1 1`],
        [`/proc/${pid}/status`, STATUS.status],
        [`/proc/${pid}/cgroup`, `${cgroup}\n`],
      ]),
    ),
  );
  for (const [pid, [, exe]] of Object.entries(list)) symlinkSync(exe, `${root.path}/proc/${pid}/exe`);
  return root;
}

const STEP = "/usr/lib/clump/slurm/sbin/slurmstepd";

test("isOfSlurm() finds what descends from a step of a job", () => {
  using root = processes({
    1: [0, "/usr/lib/clump/clump"],
    20: [1, "/usr/lib/clump/slurm/sbin/slurmd"],
    30: [1, STEP],
    31: [30, "/usr/bin/busybox"],
    32: [31, "/usr/bin/busybox"],
    40: [1, "/usr/bin/busybox"],
  });
  const found = [20, 30, 31, 32, 40, 99].filter((pid) => isOfSlurm(root.path, pid));
  expect(found).toEqual([30, 31, 32]);
});

test.each([
  ["0::/system.slice/node77_slurmstepd.scope/job_7/step_0/user/task_0", true],
  ["9:cpuset:/slurm/uid_0/job_7/step_batch", true],
  ["4:freezer:/slurm_node77/uid_1000/job_12", true],
  ["0::/system.slice/ssh.service", false],
  ["0::/job_7", false],
])("a process whose parents have gone is known by its cgroup: %s", (cgroup, isFound) => {
  using root = processes({ 31: [1, "/usr/bin/busybox", cgroup] });
  expect(isOfSlurm(root.path, 31)).toBe(isFound);
});
