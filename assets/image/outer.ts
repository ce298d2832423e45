/** The initramfs: the first stage and what it needs, which the kernel unpacks, and the packed system and archives as they are. */

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { CpioEntry } from "../build/cpio.ts";
import { ROOT } from "../build/project.ts";
import { FIRST_STAGE_MODULES } from "./manifest.ts";
import { plainPath } from "./modules.ts";

export interface OuterInputs {
  /** The tree's folder, which holds usr/. */
  readonly tree: string;
  readonly release: string;
  /** The path of the pages of the program that a boot reads. */
  readonly hotPages: string;
  readonly system: string;
  /** Paths of NAME.squashfs. */
  readonly archives: readonly string[];
}

/** All of the initramfs but what is packed already. */
export function firstStageEntries({ tree, release, hotPages, system, archives }: OuterInputs): CpioEntry[] {
  const modules = join(tree, "usr/lib/modules", release);
  const dep = readFileSync(join(modules, "modules.dep"), "utf8");
  return [
    ...["bin", "dev", "modules", "new", "proc"].map(
      (path) => ({ path, type: "directory", mode: 0o755 }) as const,
    ),
    {
      path: "init",
      type: "file",
      mode: 0o755,
      bytes: readFileSync(join(ROOT, "assets/rootfs/first-stage.sh")),
    },
    { path: "bin/busybox", type: "file", mode: 0o755, bytes: readFileSync(join(tree, "usr/bin/busybox")) },
    ...FIRST_STAGE_MODULES.map((name) => {
      const path = plainPath(new RegExp(`^(\\S*/${name}\\.ko):`, "m").exec(dep)?.[1] ?? `${name}.ko`);
      const bytes = readFileSync(join(modules, path));
      return { path: `modules/${name}.ko`, type: "file", mode: 0o644, bytes } as const;
    }),
    { path: basename(hotPages), type: "file", mode: 0o444, bytes: readFileSync(hotPages) },
    // Numbers of Documentation/admin-guide/devices.txt.
    { path: "dev/console", type: "character", mode: 0o600, major: 5, minor: 1 },
    { path: "dev/null", type: "character", mode: 0o666, major: 1, minor: 3 },
    { path: "dev/loop-control", type: "character", mode: 0o600, major: 10, minor: 237 },
    // A loop device for each squashfs.
    ...[system, ...archives].map((_, minor) => loopDevice(minor)),
  ];
}

export function squashfsEntries({ system, archives }: Pick<OuterInputs, "system" | "archives">): CpioEntry[] {
  return [system, ...archives].map(archiveEntry);
}

/**
 * The entries of an archive that a boot loader loads behind the initramfs, which holds `before` squashfs: the first stage
 * attaches it as those of the initramfs.
 */
export function behindEntries(archive: string, before: number): CpioEntry[] {
  return [archiveEntry(archive), loopDevice(before)];
}

function archiveEntry(path: string): CpioEntry {
  return { path: basename(path), type: "file", mode: 0o644, bytes: readFileSync(path) };
}

function loopDevice(minor: number): CpioEntry {
  return { path: `dev/loop${minor}`, type: "block", mode: 0o600, major: 7, minor };
}
