/** Ends the machine: processes first, then the disks, then the power. The only place that calls reboot(2). */

import { readdirSync } from "node:fs";
import { JOB_PATHS } from "../../cluster/jobs/paths.ts";
import { listOptional, readOptional } from "../../system/files.ts";
import type { MachineEnd } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import type { Supervisor } from "../services/supervisor.ts";
import { sendGuestsHome } from "./guests.ts";
import { findSlurmLeave, leaveSlurm, SLURM_LIMIT } from "./slurm.ts";

/** Time between SIGTERM and SIGKILL for all processes. */
const TERMINATION_MILLISECONDS = 2_000;
const LOOK_MILLISECONDS = 50;
/** File systems of the kernel, which need no unmounting: they hold no data of a person. */
const VIRTUAL_TYPES = ["proc", "sysfs", "devtmpfs", "devpts", "tmpfs", "rootfs", "squashfs", "cgroup2"];

/** A person at the screen may give guests that stay more time, again and again. */
const GUESTS_LIMIT = { within: 3_600_000 };

/** Limit for DHCPRELEASE: a server that does not answer must not delay the end. */
const LEAVE_LIMIT = { within: 1_000 };

/** Stops everything in order and ends the machine; never returns on a real one. */
export async function finish(
  machine: Machine,
  how: MachineEnd,
  {
    supervisor,
    leave,
  }: { readonly supervisor?: Pick<Supervisor, "stop">; readonly leave?: () => Promise<void> },
): Promise<void> {
  const { kernel, step, root } = machine;
  const slurm = findSlurmLeave(root);
  if (slurm !== undefined) await step.optional("leave Slurm", () => leaveSlurm(machine, slurm), SLURM_LIMIT);
  // The guests come before the services, which move them.
  if (listOptional(root + JOB_PATHS.guestRecords).length > 0)
    await step.optional("send the guests home", () => sendGuestsHome(machine), GUESTS_LIMIT);
  await step.optional("stop the services", () => supervisor?.stop());
  // The services come first: clumpd takes leave of the cluster from the address.
  await step.optional("leave the network", () => leave?.(), LEAVE_LIMIT);
  await step.optional("stop the other processes", () => stopProcesses(machine));
  await step.optional("write what is still in memory", () => kernel.sync());
  await step.optional("unmount the disks", () => unmountDisks(machine));
  machine.log.info(`${how} now`);
  kernel.end(how);
}

async function stopProcesses({ kernel, root, children }: Machine): Promise<void> {
  kernel.signalAll("SIGTERM");
  const deadline = performance.now() + TERMINATION_MILLISECONDS;
  while (userProcesses(root) > 0 && performance.now() < deadline) {
    await Bun.sleep(LOOK_MILLISECONDS);
    children.reapOrphans();
  }
  kernel.signalAll("SIGKILL");
}

/** Kernel threads have no command line. */
function userProcesses(root: string): number {
  const others = readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name) && name !== "1");
  return others.filter((pid) => (readOptional(`${root}/proc/${pid}/cmdline`) ?? "") !== "").length;
}

/** Unmounts file systems that a person mounted, the innermost first. */
function unmountDisks({ root, kernel, log }: Machine): void {
  const mounts = (readOptional(`${root}/proc/mounts`) ?? "").split("\n").map((line) => line.split(" "));
  const disks = mounts.filter(
    ([, target, type = ""]) => target !== undefined && !VIRTUAL_TYPES.includes(type),
  );
  for (const [, target = ""] of disks.reverse()) {
    try {
      kernel.unmount(unescapeMount(target));
    } catch (error) {
      log.warn(`${reason(error)}, ignoring`);
    }
  }
}

/** Blanks in /proc/mounts are octal escapes; proc(5). */
function unescapeMount(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
