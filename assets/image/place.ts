/** Puts files and links into the tree; all paths are below it, as "usr/bin/open". */

import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export function copyInto(target: string, path: string, from: string): void {
  mkdirSync(join(target, dirname(path)), { recursive: true });
  copyFileSync(from, join(target, path));
}

/** Makes `path` a relative link that leads to `to`. */
export function linkInto(target: string, path: string, to: string): void {
  mkdirSync(join(target, dirname(path)), { recursive: true });
  symlinkSync(relative(dirname(path), to), join(target, path));
}

/** Gives programs and libraries 755 and all other files 644, whatever umask and packages say. */
export function normalizeModes(target: string): void {
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    if (entry.isFile()) chmodSync(path, isProgram(path) ? 0o755 : 0o644);
  }
}

function isProgram(path: string): boolean {
  const first = readFileSync(path).subarray(0, 4).toString("latin1");
  return first.startsWith("#!") || (first === "\x7fELF" && !path.endsWith(".ko"));
}
