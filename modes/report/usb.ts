/** Writes a report to a USB disk: the first partition that takes it. */

import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import type { RunTool } from "../../system/tool.ts";
import { doMounted, loadModules } from "../disks/mounted.ts";
import { tryDevices } from "../disks/try-devices.ts";
import { findUsbPartitions, USB_DISK_MODULES } from "../disks/usb-partitions.ts";
import type { Report } from "./report.ts";

/** A disk that has just been plugged in, or whose driver has just come, needs some seconds to show. */
const PATIENCE_MILLISECONDS = 10_000;
const MOUNT = { folder: "/run/clump/usb", options: "nosuid,nodev,noexec" };

export interface UsbOptions {
  readonly root: string;
  readonly run: RunTool;
  readonly patienceMilliseconds?: number;
}

/** Gives where it is now, as "clump-node5.txt on /dev/sda1". @throws Error that says why it is nowhere */
export async function writeToUsb({ name, text }: Report, options: UsbOptions): Promise<string> {
  const { root, run, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  await loadModules(USB_DISK_MODULES, run);
  const write = (folder: string): void => writeThrough(`${folder}/${name}`, text);
  const tried = await tryDevices({
    root,
    find: () => findUsbPartitions(root),
    attempt: (device) => doMounted(device, { root, run, ...MOUNT }, write),
    patienceMilliseconds,
  });
  if ("refusals" in tried) throw new Error(describeRefusals(tried.refusals));
  return `${name} on ${tried.device}`;
}

/** On the disk when it returns. @throws the error of the file system */
function writeThrough(path: string, text: string): void {
  const fd = openSync(path, "w");
  try {
    const bytes = Buffer.from(text);
    for (let begin = 0; begin < bytes.length; ) begin += writeSync(fd, bytes, begin);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function describeRefusals(refusals: ReadonlyMap<string, string>): string {
  if (refusals.size === 0) return "there is no USB disk, and one with a FAT or exFAT file system was wanted";
  return [...refusals]
    .map(([device, refusal]) => `${device}: ${refusal}${describeWanted(refusal)}`)
    .join("; ");
}

/** Of what is no file system that it knows mount(8) says EINVAL and no more. ext4 would take 0.5 MB of every image. */
function describeWanted(refusal: string): string {
  return /Invalid argument$/.test(refusal) ? ", and FAT or exFAT was wanted" : "";
}
