/** docs/getting-started.md as a newcomer takes it. */

import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { blockLines } from "../../unit/documents.ts";
import type { Clone, Finished } from "./clone.ts";

const DOCUMENT = readFileSync("docs/getting-started.md", "utf8");
/** What is typed on this machine. */
const LINES = [...new Set(blockLines(DOCUMENT, "sh"))];
/** Lines that boot a cluster, and the others. */
export const [CLUSTER_LINES, MACHINE_LINES] = [true, false].map((isCluster) =>
  LINES.filter((line) => line.includes("--nodes 3") === isCluster),
) as [string[], string[]];
/** What is typed in the shell of a node. */
export const NODE_LINES = blockLines(DOCUMENT, "sh node");

/** What a line shows beside its success. */
export type Answers = Readonly<Record<string, (line: string) => Promise<void>>>;

export async function succeeds(clone: Clone, line: string): Promise<Finished> {
  const finished = await clone.type(line);
  expect(finished).toMatchObject({ code: 0, complaint: expect.not.stringContaining("Cannot") });
  return finished;
}
