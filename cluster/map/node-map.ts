/** This node's place in its cluster: the map file and its own number, which is absent while it is unconfigured. */

import { rmSync } from "node:fs";
import { readOptional, replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";

export const MAP_PATH = "/etc/mosix.map";

/** The text of the map, or nothing where there is none. */
export function readMapText(root: string): string | undefined {
  return readOptional(root + MAP_PATH);
}

/** This node's own number, or nothing while it is unconfigured. */
export function readOwnNode(root: string): number | undefined {
  const text = readOptional(root + PATHS.node);
  return text !== undefined && /^[1-9]\d*\n?$/.test(text) ? Number(text) : undefined;
}

/** Puts a map in place, whole or not at all. @throws the error of the file system */
export function writeMapText(root: string, text: string): void {
  replaceFile(root + MAP_PATH, text.endsWith("\n") ? text : `${text}\n`);
}

/** Configures this node as that number. @throws the error of the file system */
export function writeOwnNode(root: string, node: number): void {
  replaceFile(root + PATHS.node, `${node}\n`);
}

/** Unconfigures this node; its map stays. */
export function removeOwnNode(root: string): void {
  rmSync(root + PATHS.node, { force: true });
}

/**
 * Configures this node: its map, then its number. When the number cannot be written the old map is put back.
 * @throws the error of the file system
 */
export function configureNode(
  root: string,
  { text, node }: { readonly text: string; readonly node: number },
): void {
  const before = readMapText(root);
  writeMapText(root, text);
  try {
    writeOwnNode(root, node);
  } catch (error) {
    if (before === undefined) rmSync(root + MAP_PATH, { force: true });
    else writeMapText(root, before);
    throw error;
  }
}
