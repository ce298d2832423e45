import { mkdirSync } from "node:fs";
import type { Mount } from "../../system/kernel/kernel.ts";
import type { Machine } from "../../system/machine.ts";

/** The file systems of the kernel; the first stage has moved /proc here, and the root is a tmpfs. */
const KERNEL_FILE_SYSTEMS: readonly Mount[] = [
  { source: "devtmpfs", target: "/dev", type: "devtmpfs", flags: ["nosuid"], data: "mode=0755" },
  { source: "sysfs", target: "/sys", type: "sysfs", flags: ["nosuid", "nodev", "noexec"] },
  { source: "tmpfs", target: "/run", type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=0755" },
  { source: "tmpfs", target: "/tmp", type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=1777" },
  {
    source: "devpts",
    target: "/dev/pts",
    type: "devpts",
    flags: ["nosuid", "noexec"],
    data: "gid=5,mode=620",
  },
  { source: "tmpfs", target: "/dev/shm", type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=1777" },
];

/** Mounts them in order. @throws SyscallError */
export function mountKernelFileSystems({ kernel, root }: Pick<Machine, "kernel" | "root">): void {
  for (const mount of KERNEL_FILE_SYSTEMS) {
    mkdirSync(root + mount.target, { recursive: true });
    kernel.mount({ ...mount, target: root + mount.target });
  }
}
