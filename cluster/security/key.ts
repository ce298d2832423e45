/** The key of a cluster: all its nodes share it, and no other machine has it. */

import { readOptional } from "../../system/files.ts";

/** Read by root alone; PID 1 writes the key of the kernel command line there. */
export const KEY_PATH = "/etc/clump.key";

/** Never printed: not part of any status, log or error. */
export type ClusterKey = Uint8Array;

/** The key behind what a person typed as `clump.key=`. */
export function keyOf(text: string): ClusterKey {
  return new Bun.CryptoHasher("sha256").update(`clump cluster key\n${text}`).digest();
}

/** The key of the node below `root`; none makes an open cluster. */
export function findKey(root: string): ClusterKey | undefined {
  const text = readOptional(`${root}${KEY_PATH}`)?.trim();
  return text === undefined || text === "" ? undefined : keyOf(text);
}
