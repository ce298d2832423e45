/** Which virtual consoles have blocks in eighths: a file, because who shows a page cannot ask the kernel. */

import { readOptional, replaceFile } from "../../system/files.ts";
import { STATUS_FOLDER } from "../../system/state/node-status.ts";

const FINE_CONSOLES_PATH = `${STATUS_FOLDER}/fine-consoles`;

/** Writes down the consoles that have them. @throws the error of the file system */
export function writeFineConsoles(root: string, paths: readonly string[]): void {
  replaceFile(root + FINE_CONSOLES_PATH, paths.map((path) => `${path}\n`).join(""));
}

/** Whether a terminal has halves alone: a console of the kernel itself that has been given nothing better. */
export function isCoarse(root: string, path: string): boolean {
  if (!/^\/dev\/(tty\d*|console)$/.test(path)) return false;
  return !(readOptional(root + FINE_CONSOLES_PATH) ?? "").split("\n").includes(path);
}
