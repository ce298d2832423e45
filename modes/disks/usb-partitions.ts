import { existsSync, realpathSync } from "node:fs";
import { listOptional, readOptional } from "../../system/files.ts";

/** A node leaves disks alone; these modules are loaded on demand. */
export const USB_DISK_MODULES = ["sd_mod", "vfat", "exfat", "nls_cp437", "nls_ascii", "nls_utf8"];

/** Partitions of USB disks, and USB disks without a partition table, as "/dev/sda1". */
export function findUsbPartitions(root: string): string[] {
  const folder = `${root}/sys/class/block`;
  const names = listOptional(folder).filter((name) => isOnUsb(`${folder}/${name}`));
  const isWhole = (name: string) =>
    !existsSync(`${folder}/${name}/partition`) &&
    !names.some((other) => other !== name && existsSync(`${folder}/${name}/${other}/partition`));
  return names
    .filter((name) => existsSync(`${folder}/${name}/partition`) || isWhole(name))
    .filter((name) => Number(readOptional(`${folder}/${name}/size`)) > 0)
    .sort()
    .map((name) => `/dev/${name}`);
}

function isOnUsb(path: string): boolean {
  try {
    return /\/usb\d+\//.test(realpathSync(path));
  } catch {
    return false;
  }
}
