/** The virtual consoles whose font has eighth blocks, in a file: a program that draws cannot ask the kernel. */

import { readOptional, replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";

/** Writes the list of these consoles. @throws the error of the file system */
export function writeFineConsoles(root: string, paths: readonly string[]): void {
  replaceFile(root + PATHS.fineConsoles, paths.map((path) => `${path}\n`).join(""));
}

/** Whether a terminal has only half blocks, as a console with the kernel's own font. */
export function isCoarse(root: string, path: string): boolean {
  if (!/^\/dev\/(tty\d*|console)$/.test(path)) return false;
  return !(readOptional(root + PATHS.fineConsoles) ?? "").split("\n").includes(path);
}
