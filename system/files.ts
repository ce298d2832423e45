/** Files that may be absent, and files that must always be whole. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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

/**
 * Writes a file in one step: whoever reads it meanwhile gets the old or the new one, whole.
 * @throws the error of the file system
 */
export function replaceFile(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  // Two programs may write at once: each needs a place of its own.
  const temporary = `${path}.${process.pid}`;
  // A mode is for a file that is made, not for one that is there.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}
