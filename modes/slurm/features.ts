/** The features of a node, by which jobs of Slurm choose nodes: `sbatch --constraint=x86-64-v3`. */

import { readProcessor } from "../../probes/processor-level.ts";
import { readStatus } from "../../system/state/node-status.ts";

/** "clump,x86-64-v2,node77", once the node has its number; undefined before. */
export function findFeatures(root: string): string | undefined {
  const node = readStatus(root)?.node;
  if (node === undefined) return undefined;
  const level = readProcessor(root) >> 8;
  return ["clump", ...(level === 0 ? [] : [`x86-64-v${level}`]), `node${node}`].join(",");
}
