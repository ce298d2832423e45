/** Copies the archive of the tools from a disk of the machine into memory: a virtual disk, a CD or a USB stick. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { listOptional, readOptional, replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";
import type { RunTool } from "../../system/tool.ts";
import { CD_MODULES, findCdDrives } from "../disks/cd-drives.ts";
import { readPieces } from "../disks/copy.ts";
import { doMounted, loadModules } from "../disks/mounted.ts";
import { describeRefusals, tryDevices } from "../disks/try-devices.ts";
import { findUsbPartitions, USB_DISK_MODULES } from "../disks/usb-partitions.ts";
import { TOOLS_FILES } from "../serve/tools-files.ts";
import { receive, type Sum } from "./receive.ts";

const MODULES = ["virtio_blk", ...CD_MODULES, ...USB_DISK_MODULES];
const MOUNT = { folder: PATHS.toolsMedium, options: "ro,nosuid,nodev,noexec" };
/** The public keys for `clump.ssh`: on a medium and on a node. */
const SSH_KEYS = { medium: "clump.ssh", node: "/etc/clump.ssh", mostBytes: 65_536 } as const;
/** A CD drive sends no event when it can read a disc, so drives are polled. */
const AGAIN_MILLISECONDS = 2_000;
const READ_LIMIT_MILLISECONDS = 100_000;

export interface Copying {
  readonly root: string;
  readonly run: RunTool;
  readonly to: string;
  readonly sum: Sum;
  /** Time for a disk to appear and for a drive to spin up. */
  readonly patienceMilliseconds: number;
}

/** Returns the device that the archive came from. @throws Error with the refusal of each device */
export async function copyFromMedium(copying: Copying): Promise<string> {
  const { root, run, to, sum, patienceMilliseconds } = copying;
  const deadline = performance.now() + READ_LIMIT_MILLISECONDS;
  const copy = (path: string, bytes: number) => receive(readPieces(path, bytes), { to, sum, deadline });
  await loadModules(MODULES, run);
  const tried = await tryDevices({
    root,
    find: () => [...findToolsDisks(root), ...findCdDrives(root), ...findUsbPartitions(root)],
    attempt: (device) =>
      isVirtualDisk(device)
        ? copy(root + device, sum.bytes).then(
            () => undefined,
            (error: Error) => error.message,
          )
        : doMounted(device, { root, run, ...MOUNT }, async (medium) => {
            await copy(findFile(medium), sum.bytes + 1);
            takeSshKeys(medium, root);
          }),
    patienceMilliseconds,
    againMilliseconds: AGAIN_MILLISECONDS,
  });
  if ("device" in tried) return tried.device;
  throw new Error(describeRefusals(tried.refusals, "there is no CD drive and no USB disk"));
}

function isVirtualDisk(device: string): boolean {
  return device.startsWith("/dev/vd");
}

/** Virtual disks with our serial number; a node reads no other disk. */
function findToolsDisks(root: string): string[] {
  const folder = `${root}/sys/class/block`;
  const names = listOptional(folder).filter((name) => /^vd[a-z]+$/.test(name));
  const ours = names.filter((name) => readOptional(`${folder}/${name}/serial`)?.trim() === TOOLS_FILES.disk);
  return ours.sort().map((name) => `/dev/${name}`);
}

/** Takes the public keys for ssh from the medium, unless the boot loader has loaded such a file. */
function takeSshKeys(medium: string, root: string): void {
  const [from, to] = [join(medium, SSH_KEYS.medium), root + SSH_KEYS.node];
  const stat = statSync(from, { throwIfNoEntry: false });
  if (existsSync(to) || !stat?.isFile() || stat.size > SSH_KEYS.mostBytes) return;
  replaceFile(to, readFileSync(from, "utf8"), 0o600);
}

/** A FIFO or a device on the medium could hold its reader for ever. @throws Error where there is no plain file */
function findFile(medium: string): string {
  const path = join(medium, TOOLS_FILES.medium);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new Error(`it has no ${TOOLS_FILES.medium}`);
}
