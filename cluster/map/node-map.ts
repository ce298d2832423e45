/** The map file and the node's own number, which is absent while the node is not configured. */

import { rmSync } from "node:fs";
import { readOptional, replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";

export const MAP_PATH = "/etc/mosix.map";

/** The text of the map, or nothing where there is none. */
export function readMapText(root: string): string | undefined {
  return readOptional(root + MAP_PATH);
}

/** The entries of a map's text, one a line, without comments. */
export function entriesOf(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.join("\n");
}

/** This node's own number, or nothing while this node is not configured. */
export function readOwnNode(root: string): number | undefined {
  const text = readOptional(root + PATHS.node);
  return text !== undefined && /^[1-9]\d*\n?$/.test(text) ? Number(text) : undefined;
}

/** Writes the map in one step. @throws the error of the file system */
export function writeMapText(root: string, text: string): void {
  replaceFile(root + MAP_PATH, text.endsWith("\n") ? text : `${text}\n`);
}

/** Gives this node its number. @throws the error of the file system */
export function writeOwnNode(root: string, node: number): void {
  replaceFile(root + PATHS.node, `${node}\n`);
}

/** Takes the number from this node; its map stays. */
export function removeOwnNode(root: string): void {
  rmSync(root + PATHS.node, { force: true });
}

/**
 * Writes the map, then the number. If the number cannot be written, the old map is put back.
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
