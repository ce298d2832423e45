/** Digests that say whether a stage's inputs have changed. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project.ts";

/** Digest of anything that is plain data. */
export function fingerprint(...values: readonly unknown[]): string {
  return new Bun.CryptoHasher("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);
}

/** Digest of names and contents of files and folders below the project's root. */
export function fingerprintFiles(paths: readonly string[], root = ROOT): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const path of paths.flatMap((path) => filesBelow(path, root)).sort()) {
    const bytes = readFileSync(join(root, path));
    hasher.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hasher.digest("hex").slice(0, 16);
}

function filesBelow(path: string, root: string): string[] {
  const entries = list(join(root, path));
  if (entries === undefined) return [path];
  return entries.flatMap((entry) => filesBelow(join(path, entry), root));
}

/** A folder's entries; undefined for what is no folder. */
function list(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
