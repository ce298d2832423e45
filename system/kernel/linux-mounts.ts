/** The real `Mounts`. */

import type { MountFlag, Mounts } from "./kernel.ts";
import { call } from "./libc.ts";

/** mount(2) */
const MOUNT_FLAGS: Record<MountFlag, number> = {
  "read-only": 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  remount: 0x20,
  bind: 0x1000,
};
/** umount(2) */
const MNT_FORCE = 1;
const MNT_DETACH = 2;

export const linuxMounts: Mounts = {
  mount({ source, target, type, flags = [], data = "" }) {
    const bits = flags.reduce((sum, flag) => sum | MOUNT_FLAGS[flag], 0);
    call("mount", `mount ${type || source} on ${target}`, source, target, type, bits, data);
  },
  unmount(target, { lazy, force = false } = { lazy: false }) {
    call("umount2", `unmount ${target}`, target, (lazy ? MNT_DETACH : 0) | (force ? MNT_FORCE : 0));
  },
  sync() {
    call("sync", "write the dirty pages");
  },
};
