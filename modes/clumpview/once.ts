/** clumpview for scripts: one page as plain text. */

import { setTimeout } from "node:timers/promises";
import { readView } from "../../cluster/view.ts";
import { toAscii } from "./canvas.ts";
import { createSampler } from "./sample.ts";
import { readStatus } from "./status.ts";
import { memoryShare, view } from "./view.ts";

const SIZE = { width: 80, height: 24 };

/** The load is what happens between two readings. */
const BETWEEN_MILLISECONDS = 250;

/** Prints this node as it is now; gives the exit code. */
export async function printPage(
  { ascii }: { readonly ascii: boolean },
  { root, stdout }: { readonly root: string; readonly stdout: (text: string) => void },
): Promise<number> {
  const take = createSampler(root);
  await take();
  await setTimeout(BETWEEN_MILLISECONDS);
  const sample = await take();
  const state = {
    status: readStatus(root),
    cluster: readView(root),
    scroll: 0,
    sample,
    loads: [sample.load],
    memories: [memoryShare(sample)],
    footer: "",
  };
  const text = view(state, SIZE.width, SIZE.height).lines().join("\n").trimEnd();
  stdout(`${ascii ? Array.from(text, toAscii).join("") : text}\n`);
  return 0;
}
