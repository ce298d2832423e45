/** Files that may be absent, and atomic replacement of files. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The text of a file, `undefined` where it cannot be read. */
export function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The names in a directory, none where it cannot be read: devices and processes go while we look. */
export function listOptional(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The bytes of all files in a directory and below; none where it cannot be read. */
export function bytesBelow(directory: string): number {
  let names: string[] = [];
  try {
    names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  } catch {
    // It goes while we look.
  }
  const sizes = names.map((name) => statSync(join(directory, name), { throwIfNoEntry: false }));
  return sizes.reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
}

/**
 * Replaces a file atomically: a reader gets the whole old or the whole new file.
 * @throws the error of the file system
 */
export function replaceFile(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  // Two processes may write at once, each to a temporary file of its own.
  const temporary = `${path}.${process.pid}`;
  // The mode applies to a new file only.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}
