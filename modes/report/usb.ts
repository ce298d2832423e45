/** Writes a report to a USB disk: the first partition that takes it. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  watch,
  writeSync,
} from "node:fs";
import { listOptional, readOptional } from "../../init/machine/files.ts";
import { reason } from "../../init/machine/log.ts";
import type { Report } from "./report.ts";
import { applet, type RunTool } from "./tool.ts";

/** The node leaves disks alone: their driver and their file systems come in when somebody wants to write to one. */
const MODULES = ["sd_mod", "vfat", "exfat", "nls_cp437", "nls_ascii", "nls_utf8"];
/** A disk that has just been plugged in, or whose driver has just come, needs some seconds to show. */
const PATIENCE_MILLISECONDS = 10_000;
const TOOL_LIMIT_MILLISECONDS = 30_000;
const MOUNT_POINT = "/run/clump/usb";

export interface UsbOptions {
  readonly root: string;
  readonly run: RunTool;
  readonly patienceMilliseconds?: number;
}

/** Gives where it is now, as "clump-node5.txt on /dev/sda1". @throws Error that says why it is nowhere */
export async function writeToUsb(report: Report, options: UsbOptions): Promise<string> {
  const { root, run, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  for (const module of MODULES) await run(["/usr/sbin/modprobe", module], TOOL_LIMIT_MILLISECONDS);
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const refusals = new Map<string, string>();
  for (;;) {
    const change = changeOf(`${root}/dev`, patience);
    for (const device of findUsbPartitions(root)) {
      const refusal = await writeTo(device, report, options);
      if (refusal === undefined) return `${report.name} on ${device}`;
      refusals.set(device, refusal);
    }
    if (!(await change)) throw new Error(describeRefusals(refusals));
  }
}

/** "/dev/sda1"…: partitions of USB disks, and disks that are one file system as a whole. */
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

/** Why a partition does not take the report; nothing when it has it. */
async function writeTo(
  device: string,
  { name, text }: Report,
  { root, run }: UsbOptions,
): Promise<string | undefined> {
  const folder = root + MOUNT_POINT;
  mkdirSync(folder, { recursive: true });
  const flags = ["-o", "nosuid,nodev,noexec"];
  const mounted = await run(applet("mount", ...flags, device, folder), TOOL_LIMIT_MILLISECONDS);
  if (!mounted.ok) return mounted.complaint.replace(/^mount: /, "");
  let refusal: string | undefined;
  try {
    writeThrough(`${folder}/${name}`, text);
  } catch (error) {
    refusal = reason(error);
  }
  const unmounted = await run(applet("umount", folder), TOOL_LIMIT_MILLISECONDS);
  return refusal ?? (unmounted.ok ? undefined : unmounted.complaint);
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

/** Resolves with true at the next change in a folder, with false at the signal. */
function changeOf(folder: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const watcher = watch(folder, () => resolve(true));
  const give = () => resolve(false);
  signal.addEventListener("abort", give);
  if (signal.aborted) give();
  return promise.finally(() => {
    watcher.close();
    signal.removeEventListener("abort", give);
  });
}

function describeRefusals(refusals: ReadonlyMap<string, string>): string {
  if (refusals.size === 0) return "there is no USB disk, and one with a FAT or exFAT file system was wanted";
  return [...refusals].map(([device, refusal]) => `${device}: ${refusal}`).join("; ");
}
