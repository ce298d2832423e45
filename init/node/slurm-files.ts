/** What munged and slurmd of this node want to know, in files. */

import { findKey } from "../../cluster/security/key.ts";
import { findFeatures } from "../../modes/slurm/features.ts";
import { SLURM_FEATURES_PATH, SLURM_KEY_PATH } from "../../modes/slurm/slurm-request.ts";
import { replaceFile } from "../../system/files.ts";

/** Writes the munge key that follows from the cluster key; nothing where the node has none. @throws the error of the file system */
export async function writeMungeKey(root: string): Promise<void> {
  if (findKey(root) === undefined) return;
  // Other nodes start without it.
  const { deriveMungeKey } = await import("../../modes/slurm/munge-key.ts");
  replaceFile(root + SLURM_KEY_PATH, deriveMungeKey(root), 0o600);
}

/** Writes the features of the node and gives them; undefined while it has no number. @throws the error of the file system */
export function writeFeatures(root: string, before: string | undefined): string | undefined {
  const features = findFeatures(root);
  if (features !== undefined && features !== before) replaceFile(root + SLURM_FEATURES_PATH, `${features}\n`);
  return features;
}
