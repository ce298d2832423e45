/** test/jobs/trial/count.c in place of criu(8), which cannot run on every kernel. */

import { must } from "../jobs/trial/lab-node.ts";
import type { ThreeNodes } from "../jobs/trial/three-nodes.ts";

/** Puts it there, for all nodes: a job, and what writes and restores it. */
export function copyCount(nodes: ThreeNodes, path: string): void {
  must(["cp", nodes.compile("count", "test/jobs/trial/count.c"), path]);
}
