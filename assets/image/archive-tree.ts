/** Lays the archives out apart from the system, which gets links to their files. */

import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type Archive, mountPoint } from "../archives/archive.ts";
import { ROOT } from "../build/project.ts";
import { copyInto, linkInto } from "./place.ts";
import { takeFiles } from "./userland.ts";

const LIBRARIES = "lib/x86_64-linux-gnu";
/** Where ld.so(8) looks for a library too: each node has an x86-64-v2 processor. */
const MORE_LIBRARIES = ["lib", `${LIBRARIES}/glibc-hwcaps/x86-64-v2`];

/** The folder of an archive's files in the tree `target`. */
export function archiveFolder(target: string, { name }: Pick<Archive, "name">): string {
  return join(target, "archives", name);
}

/**
 * Lays the archives out beside `target`/usr, which holds the whole system by then. A file that the system has, or that
 * two archives need, is in the system alone. Returns the names of the packages that files were taken from. @throws Error
 */
export function takeArchives(
  target: string,
  archives: readonly Archive[],
  packages: ReadonlyMap<string, string>,
): Set<string> {
  const taken = archives.flatMap((archive) => [...takeArchive(target, archive, packages)]);
  shareFiles(target, archives);
  const owners = findOwners(target, archives);
  for (const archive of archives) linkFiles(target, archive, owners);
  return new Set(taken);
}

/**
 * Lays out an archive that may be alone on a node, after all others: it has its own copy of each file that it needs and
 * the system lacks. Returns the names of the packages that files were taken from. @throws Error
 */
export function takeApart(
  target: string,
  archive: Archive,
  packages: ReadonlyMap<string, string>,
): Set<string> {
  const taken = takeArchive(target, archive, packages);
  linkFiles(target, archive, findOwners(target, [archive]));
  for (const path of filesBelow(archiveFolder(target, archive))) linkBeside(target, archive, path);
  return taken;
}

/**
 * Links a library whose place in the system is a link into another archive. While an archive is not mounted, links into it
 * lead nowhere, and ld.so(8) goes on to its next folder. @throws Error for another file, and where no folder is left
 */
function linkBeside(target: string, archive: Archive, path: string): void {
  const isOwn = partsOf(path).some((part) =>
    linkTarget(join(target, "usr", part))?.includes(`clump/${archive.name}/`),
  );
  if (isOwn) return;
  const folders = dirname(path) === LIBRARIES ? MORE_LIBRARIES : [];
  const link = folders
    .map((folder) => join("usr", folder, basename(path)))
    .find((place) => !isThere(join(target, place)));
  if (link === undefined) throw new Error(`Cannot link ${path}: another archive has it already`);
  linkInto(target, link, join(mountPoint(archive), path));
}

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

function takeArchive(target: string, archive: Archive, packages: ReadonlyMap<string, string>): Set<string> {
  const whole = join(target, "whole");
  const folder = archiveFolder(target, archive);
  mkdirSync(join(whole, "usr"), { recursive: true });
  const taken = takeFiles(whole, archive.files, { packages, executables: [] });
  for (const path of filesBelow(join(whole, "usr")))
    if (existsSync(join(target, "usr", path))) rmSync(join(whole, "usr", path));
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(join(whole, "usr"), folder);
  rmSync(whole, { recursive: true });
  for (const path of (archive.moved ?? []).flatMap((pattern) => expand(pattern, join(target, "usr"))))
    move(path, { from: join(target, "usr"), to: folder });
  for (const [name, path] of Object.entries(archive.ownFiles))
    copyInto(folder, path, join(ROOT, "assets/rootfs", archive.name, name));
  // The system is read-only on a node.
  mkdirSync(join(target, mountPoint(archive)), { recursive: true });
  return taken;
}

/** The paths below `folder` that a pattern means; an image without firmware that is not free has fewer of them. */
function expand(pattern: string, folder: string): string[] {
  return [...new Bun.Glob(pattern).scanSync({ cwd: folder, onlyFiles: false })].sort();
}

function move(path: string, { from, to }: { readonly from: string; readonly to: string }): void {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  renameSync(join(from, path), join(to, path));
}

/** A link leads into one archive, so a file of two archives moves to the system. */
function shareFiles(target: string, archives: readonly Archive[]): void {
  const owners = findOwners(target, archives);
  for (const archive of archives) {
    const folder = archiveFolder(target, archive);
    for (const path of filesBelow(folder).filter((path) => (owners.get(path)?.size ?? 0) > 1)) {
      copyInto(join(target, "usr"), path, join(folder, path));
      rmSync(join(folder, path));
    }
  }
}

/** The names of the archives that hold each file, and each folder. */
function findOwners(target: string, archives: readonly Archive[]): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const archive of archives)
    for (const path of filesBelow(archiveFolder(target, archive)))
      for (const part of partsOf(path)) owners.set(part, (owners.get(part) ?? new Set()).add(archive.name));
  return owners;
}

/** Links the highest folder that the archive has for itself, else the file: a link costs every node space. */
function linkFiles(target: string, archive: Archive, owners: ReadonlyMap<string, Set<string>>): void {
  const links = new Set<string>();
  for (const path of filesBelow(archiveFolder(target, archive))) {
    const [, ...parts] = partsOf(path);
    const link = parts.find((part) => owners.get(part)?.size === 1 && !isThere(join(target, "usr", part)));
    // A file at the top of the archive has a place there alone.
    if (link !== undefined) links.add(link);
  }
  for (const path of links) linkInto(target, join("usr", path), join(mountPoint(archive), path));
}

/** "share/X11/xkb" is "share", "share/X11" and "share/X11/xkb". */
function partsOf(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** A link that leads nowhere is there too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
