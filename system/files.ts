/** Files that may be absent, and atomic replacement of files. */

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
