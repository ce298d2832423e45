/** Takes executables and their libraries from the packages into the tree, and links their names. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { PackageFile } from "../archives/archive.ts";
import { isElf } from "../build/elf.ts";
import { findLibraries } from "../build/libraries.ts";
import { run } from "../build/run.ts";
import {
  APPLETS_LEFT_OUT,
  KMOD_NAMES,
  PROGRAM,
  PROGRAM_NAMES,
  SBIN_APPLETS,
  USERLAND_FILES,
} from "./manifest.ts";
import { copyInto, linkInto } from "./place.ts";

/** Puts all in, from the `packages` unpacked in folders by name; returns the names of those it took from. @throws Error */
export async function takeUserland(
  target: string,
  packages: ReadonlyMap<string, string>,
  runtime: string,
): Promise<Set<string>> {
  const taken = takeFiles(target, USERLAND_FILES, { packages, executables: [runtime] });
  for (const name of KMOD_NAMES) linkInto(target, `usr/sbin/${name}`, "usr/bin/kmod");
  for (const name of PROGRAM_NAMES) linkInto(target, name, PROGRAM);
  await linkApplets(target);
  return taken;
}

/** Puts files in, and the libraries that `executables` and the ELF files among them need. @throws Error */
export function takeFiles(
  target: string,
  files: readonly PackageFile[],
  { packages, executables }: { packages: ReadonlyMap<string, string>; executables: readonly string[] },
): Set<string> {
  const taken = new Set<string>();
  const programs = [...executables];
  for (const { package: name, from, to } of files) {
    const file = findInPackage(packages.get(name) ?? "", from);
    if (file === undefined) throw new Error(`Cannot take ${from}: the package ${name} has none`);
    taken.add(name);
    for (const [path, each] of filesOf(file)) {
      copyInto(target, join(to, path), each);
      if (isElf(readFileSync(each))) programs.push(each);
    }
  }
  for (const library of findLibraries(programs, packages)) {
    const folder = library.name.startsWith("ld-linux") ? "usr/lib64" : "usr/lib/x86_64-linux-gnu";
    copyInto(target, join(folder, library.name), library.file);
    taken.add(library.package);
  }
  return taken;
}

/** A file by the path "", or each file below a folder by its path there. */
function filesOf(path: string): (readonly [path: string, file: string])[] {
  if (!statSync(path).isDirectory()) return [["", path]];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => [relative(path, file), file]);
}

/** Debian's packages are on their way from /bin and /lib to /usr/bin and /usr/lib. */
function findInPackage(folder: string, path: string): string | undefined {
  return [join(folder, path), join(folder, "usr", path)].find((file) => existsSync(file));
}

async function linkApplets(target: string): Promise<void> {
  const output = await run("list the applets of busybox", [join(target, "usr/bin/busybox"), "--list"]);
  const applets = output.split("\n").filter((name) => name !== "" && !APPLETS_LEFT_OUT.includes(name));
  for (const name of applets) {
    const isTaken = ["bin", "sbin"].some((folder) => existsSync(join(target, "usr", folder, name)));
    const own = PROGRAM_NAMES.some((path) => path.endsWith(`/${name}`));
    const folder = SBIN_APPLETS.includes(name) ? "sbin" : "bin";
    if (!isTaken && !own) linkInto(target, `usr/${folder}/${name}`, "usr/bin/busybox");
  }
}

/** The packaged kmod under one of its names, run by the packaged loader, so that the machine needs neither. */
export function kmodCommand(target: string, name: "depmod" | "modprobe"): readonly string[] {
  const loader = join(target, "usr/lib64/ld-linux-x86-64.so.2");
  const libraries = join(target, "usr/lib/x86_64-linux-gnu");
  return [loader, "--argv0", name, "--library-path", libraries, join(target, "usr/bin/kmod")];
}
