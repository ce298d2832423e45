/** Writes a report to the first partition of a USB disk that takes it. */

import { closeSync, fsyncSync, openSync } from "node:fs";
import { writeAll } from "../../system/output.ts";
import { PATHS } from "../../system/state/paths.ts";
import type { RunTool } from "../../system/tool.ts";
import { doMounted, loadModules } from "../disks/mounted.ts";
import { describeRefusals, tryDevices } from "../disks/try-devices.ts";
import { findUsbPartitions, USB_DISK_MODULES } from "../disks/usb-partitions.ts";
import type { Report } from "./report.ts";

/** Seconds for a disk to appear after its driver was loaded or it was plugged in. */
const PATIENCE_MILLISECONDS = 10_000;
const NO_DISK = "there is no USB disk, and one with a FAT or exFAT file system was wanted";
const MOUNT = { folder: PATHS.usbDisk, options: "nosuid,nodev,noexec" };

export interface UsbOptions {
  readonly root: string;
  readonly run: RunTool;
  readonly patienceMilliseconds?: number;
}

/** Returns the file and the device, as "clump-node5.txt on /dev/sda1". @throws Error with the refusal of each device */
export async function writeToUsb({ name, text }: Report, options: UsbOptions): Promise<string> {
  const { root, run, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  await loadModules(USB_DISK_MODULES, run);
  const write = (folder: string): void => writeThrough(`${folder}/${name}`, text);
  const tried = await tryDevices({
    root,
    find: () => findUsbPartitions(root),
    attempt: async (device) => explain(await doMounted(device, { root, run, ...MOUNT }, write)),
    patienceMilliseconds,
  });
  if ("refusals" in tried) throw new Error(describeRefusals(tried.refusals, NO_DISK));
  return `${name} on ${tried.device}`;
}

/** Writes a file and flushes it to the disk. @throws the error of the file system */
function writeThrough(path: string, text: string): void {
  const fd = openSync(path, "w");
  try {
    writeAll(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Adds what was wanted to the complaint of mount(8), which says "Invalid argument" and no more for an unknown file
 * system. The driver of ext4 would take 0.5 MB of every image.
 */
function explain(refusal: string | undefined): string | undefined {
  return refusal?.replace(/Invalid argument$/, "$&, and FAT or exFAT was wanted");
}
