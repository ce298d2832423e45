/** Lays out what becomes /usr, all but our program, and the archives apart from it, as plain files in a folder. */

import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ARCHIVES, ARCHIVES_BESIDE } from "../archives/archives.ts";
import { ROOT } from "../build/project.ts";
import type { Package, Resolution } from "../packages/packages.ts";
import { takeApart, takeArchives } from "./archive-tree.ts";
import { takeDeputy, takeInsert } from "./deputy.ts";
import { type FirmwareReport, findFirmware } from "./firmware.ts";
import { FIRMWARE_LEFT_OUT, PROGRAM } from "./manifest.ts";
import { takeModules } from "./module-tree.ts";
import { copyInto, linkInto, normalizeModes } from "./place.ts";
import { kmodCommand, takeUserland } from "./userland.ts";

export interface TreeInputs {
  readonly resolution: Resolution;
  /** The folder a package is unpacked in. */
  folder(entry: Package): string;
  /** The executable our program is made from. */
  readonly runtime: string;
}

export interface TreeReport {
  /** The kernel's release, as "6.1.0-56-amd64". */
  readonly release: string;
  readonly modules: number;
  /** Names of packages that a file was taken from. */
  readonly packages: readonly string[];
  /** Modules of the manifest that this kernel has not. */
  readonly missingModules: readonly string[];
  readonly firmware: readonly FirmwareReport[];
}

/** Makes the tree anew in `target`, which holds `usr/` and `archives/` afterwards. @throws Error */
export async function buildTree(target: string, inputs: TreeInputs): Promise<TreeReport> {
  const { resolution, folder, runtime } = inputs;
  rmSync(target, { recursive: true, force: true });
  const foldersOf = (packages: readonly Package[]) =>
    new Map(packages.map((entry) => [entry.name, folder(entry)]));
  const packages = foldersOf(resolution.userland);
  const userland = await takeUserland(target, packages, runtime);
  const base = kernelBase(folder(resolution.kernel));
  const modules = await takeModules(join(target, "usr"), base, (name) => kmodCommand(target, name));
  const firmware = takeFirmware(target, foldersOf(resolution.firmware), modules.firmware);
  takeOwnFiles(target);
  await takeDeputy(target);
  await takeInsert(target);
  const inside = takeArchives(target, ARCHIVES, packages);
  const beside = ARCHIVES_BESIDE.flatMap((archive) => [...takeApart(target, archive, packages)]);
  normalizeModes(target);
  return {
    release: modules.release,
    modules: modules.count,
    packages: [
      ...new Set([resolution.kernel.name, ...userland, ...inside, ...beside, ...firmware.packages]),
    ].sort(),
    missingModules: modules.missing,
    firmware: firmware.drivers,
  };
}

/** The folder that holds lib/modules. */
function kernelBase(folder: string): string {
  return existsSync(join(folder, "usr/lib/modules")) ? join(folder, "usr") : folder;
}

function takeFirmware(
  target: string,
  packages: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, readonly string[]>,
): { readonly drivers: readonly FirmwareReport[]; readonly packages: readonly string[] } {
  const leftOut = FIRMWARE_LEFT_OUT.map(({ prefix }) => prefix);
  const { files, links, drivers } = findFirmware(wanted, packages, leftOut);
  const place = "usr/lib/firmware";
  for (const { path, file } of files) copyInto(target, join(place, path), file);
  for (const { path, target: to } of links)
    linkInto(target, join(place, path), join(place, dirname(path), to));
  return { drivers, packages: files.map((file) => file.package) };
}

function takeOwnFiles(target: string): void {
  const rootfs = join(ROOT, "assets/rootfs");
  cpSync(join(rootfs, "etc"), join(target, "usr/share/clump/etc"), { recursive: true });
  copyInto(target, "usr/lib/clump/archive", join(rootfs, "archive.sh"));
  copyInto(target, "usr/lib/clump/ssh", join(rootfs, "ssh.sh"));
  copyInto(target, "usr/lib/clump/slurm-node", join(rootfs, "slurm.sh"));
  copyInto(target, "usr/lib/clump/vnc", join(rootfs, "vnc.sh"));
  copyInto(target, "usr/lib/clump/blink", join(rootfs, "blink.sh"));
  copyInto(target, "usr/lib/clump/lock", join(rootfs, "lock.sh"));
  copyInto(target, "usr/bin/lsusb", join(rootfs, "lsusb.sh"));
  // The manual of 2002 says "open -s -w -- clumpview"; the applet of today has another name.
  copyInto(target, "usr/bin/open", join(rootfs, "open.sh"));
  mkdirSync(join(target, dirname(PROGRAM)), { recursive: true });
}
