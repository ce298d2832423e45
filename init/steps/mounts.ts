import { mkdirSync } from "node:fs";
import type { Mount } from "../../system/kernel/kernel.ts";
import type { Machine } from "../../system/machine.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";

/**
 * The file systems of the kernel; the first stage has moved /proc here, and the root is a tmpfs of 35 % of the memory.
 * Each tmpfs has a share of its own, all together the memory: one that is full takes neither the space of another nor
 * all memory of programs. The state of the node has a small one of its own.
 */
const KERNEL_FILE_SYSTEMS: readonly Mount[] = [
  { source: "devtmpfs", target: "/dev", type: "devtmpfs", flags: ["nosuid"], data: "mode=0755" },
  { source: "sysfs", target: "/sys", type: "sysfs", flags: ["nosuid", "nodev", "noexec"] },
  {
    source: "cgroup2",
    target: "/sys/fs/cgroup",
    type: "cgroup2",
    flags: ["nosuid", "nodev", "noexec"],
  },
  { source: "tmpfs", target: "/run", type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=0755,size=5%" },
  {
    source: "tmpfs",
    target: RUN_FOLDER,
    type: "tmpfs",
    flags: ["nosuid", "nodev"],
    data: "mode=0755,size=5%",
  },
  {
    // Images of processes on their way.
    source: "tmpfs",
    target: `${RUN_FOLDER}/jobs`,
    type: "tmpfs",
    flags: ["nosuid", "nodev"],
    data: "mode=0711,size=25%",
  },
  { source: "tmpfs", target: "/tmp", type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=1777,size=20%" },
  {
    source: "devpts",
    target: "/dev/pts",
    type: "devpts",
    flags: ["nosuid", "noexec"],
    data: "gid=5,mode=620",
  },
  {
    source: "tmpfs",
    target: "/dev/shm",
    type: "tmpfs",
    flags: ["nosuid", "nodev"],
    data: "mode=1777,size=10%",
  },
];

/** Those that may fill up while the node runs. */
export const SIZED_FILE_SYSTEMS: readonly string[] = [
  "/",
  ...KERNEL_FILE_SYSTEMS.filter(({ type }) => type === "tmpfs").map(({ target }) => target),
];

/** Mounts them in order. @throws SyscallError */
export function mountKernelFileSystems({ kernel, root }: Pick<Machine, "kernel" | "root">): void {
  for (const mount of KERNEL_FILE_SYSTEMS) {
    mkdirSync(root + mount.target, { recursive: true });
    kernel.mount({ ...mount, target: root + mount.target });
  }
}
