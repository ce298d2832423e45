/** The files of the boot server, loaded into memory from the CD or USB stick of this release. */

import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import { CD_MODULES, findCdDrives } from "../disks/cd-drives.ts";
import { wantMemory } from "../disks/free-memory.ts";
import { doMounted, loadModules } from "../disks/mounted.ts";
import { describeRefusals, tryDevices } from "../disks/try-devices.ts";
import { findUsbPartitions, USB_DISK_MODULES } from "../disks/usb-partitions.ts";
import { RARE_DRIVERS_FILES } from "../rare-drivers/rare-drivers-files.ts";
import { writeInitramfs } from "./initramfs.ts";
import { copyArchive, copyRareDrivers } from "./medium-archive.ts";
import { MEDIUM_FILES, SERVE_FILES, SERVE_FOLDER, TAKING } from "./serve-files.ts";

const MODULES = [...CD_MODULES, ...USB_DISK_MODULES];
const MOUNT = { folder: TAKING.medium, options: "ro,nosuid,nodev,noexec" };
/** A CD drive sends no event when it can read a disc, so drives are polled. */
const AGAIN_MILLISECONDS = 2_000;
const PATIENCE_MILLISECONDS = 15_000;

/** Process 1 waits for 100 s in all; the medium must be unmounted before that. */
const READ_LIMIT_MILLISECONDS = 70_000;
const UNPACK_LIMIT_MILLISECONDS = 60_000;
const UNPACK = 'set -o pipefail; cd "$1" && gunzip -c "$2" | cpio -i -d';

const WANTED =
  "a CD or USB stick of this release was wanted in this machine, or serve.img behind initramfs.img, as Serve in its menu loads it";
const NO_MEDIUM = "there is no CD drive and no USB disk";

export interface MediumOptions {
  readonly root: string;
  readonly run: RunTool;
  /** The block device with the packed system. */
  readonly system: string;
  /** The block device or file with the packed rare drivers; where they have left memory, the medium gives them. */
  readonly rareDrivers: string | undefined;
  readonly patienceMilliseconds?: number;
  readonly readLimitMilliseconds?: number;
}

/** Puts the boot server's files in SERVE_FOLDER; returns the device they came from. @throws Error */
export async function takeFromMedium(options: MediumOptions): Promise<string> {
  const { root, run, system, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  const deadline = performance.now() + (options.readLimitMilliseconds ?? READ_LIMIT_MILLISECONDS);
  const folder = root + TAKING.folder;
  const archive = join(folder, basename(MEDIUM_FILES.archive));
  const copied = join(folder, RARE_DRIVERS_FILES.packed);
  const rareDrivers = options.rareDrivers ?? copied;
  try {
    // An earlier run that was killed may have left files, which cpio(1) would not overwrite.
    rmSync(folder, { recursive: true, force: true });
    await loadModules(MODULES, run);
    mkdirSync(folder, { recursive: true });
    const tried = await tryDevices({
      root,
      find: () => [...findCdDrives(root), ...findUsbPartitions(root)],
      attempt: (device) =>
        doMounted(device, { root, run, ...MOUNT }, async (medium) => {
          await copyArchive(medium, { root, to: archive, deadline });
          if (rareDrivers === copied) await copyRareDrivers(medium, { root, to: copied, deadline });
        }),
      patienceMilliseconds,
      againMilliseconds: AGAIN_MILLISECONDS,
    });
    if ("refusals" in tried) throw new Error(`${WANTED}: ${describeRefusals(tried.refusals, NO_MEDIUM)}`);
    const { ok, complaint } = await run(
      applet("sh", "-c", UNPACK, "sh", folder, archive),
      UNPACK_LIMIT_MILLISECONDS,
    );
    if (!ok) throw new Error(`serve.img of ${tried.device} cannot be unpacked: ${complaint}`);
    // The unpacked files need the archive's memory.
    rmSync(archive);
    const unpacked = join(folder, SERVE_FOLDER);
    const sizes = (readOptional(join(unpacked, SERVE_FILES.size)) ?? "").trim().split("\n");
    wantMemory(
      root,
      sizes.reduce((sum, size) => sum + Number(size), 0),
    );
    await writeInitramfs({ folder: unpacked, system, rareDrivers });
    putInPlace(unpacked, root + SERVE_FOLDER);
    return tried.device;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Moves the files beside nodes.conf, which may exist. The boot folder comes last: its presence says that all is there.
 */
function putInPlace(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const last = SERVE_FILES.boot;
  for (const name of [...readdirSync(from).filter((each) => each !== last), last]) {
    rmSync(join(to, name), { recursive: true, force: true });
    renameSync(join(from, name), join(to, name));
  }
}
