/** The shared libraries that executables need. */

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { interpreter, neededLibraries } from "./elf.ts";

/** Where Debian's packages have libraries, below the package's folder. */
const FOLDERS = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib"];

/** A library by the name programs ask for, and the file it is now. */
export interface Library {
  readonly name: string;
  readonly file: string;
  readonly package: string;
}

/**
 * Finds every library the executables need, and those need, but for libraries among the executables; sorted by name.
 * @throws Error naming one that is nowhere
 */
export function findLibraries(
  executables: readonly string[],
  packages: ReadonlyMap<string, string>,
): readonly Library[] {
  const found = new Map<string, Library>();
  const own = new Set(executables.map((file) => basename(file)));
  const queue = [...executables];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const bytes = readFileSync(file);
    const loader = interpreter(bytes);
    const names = [...neededLibraries(bytes), ...(loader === undefined ? [] : [basename(loader)])];
    for (const name of names.filter((name) => !found.has(name) && !own.has(name))) {
      const library = findLibrary(name, packages);
      if (library === undefined)
        throw new Error(`Cannot put in ${basename(file)}: none of the packages has ${name}`);
      found.set(name, library);
      queue.push(library.file);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findLibrary(name: string, packages: ReadonlyMap<string, string>): Library | undefined {
  for (const [entry, folder] of packages) {
    const path = FOLDERS.map((place) => join(folder, place, name)).find(existsSync);
    if (path !== undefined) return { name, file: realpathSync(path), package: entry };
  }
  return undefined;
}
