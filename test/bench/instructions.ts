/** One boot of each contestant by counted instructions. */

import { statSync } from "node:fs";
import { MEMORY_MEGABYTES, NICS } from "./boots.ts";
import type { Contestant } from "./contestants.ts";
import { type Boot, measureBoot } from "./measure.ts";
import { formatTable } from "./table.ts";

const HEADS = [
  "instructions, 1e9",
  "Run /init → first step",
  "Run /init → address",
  "RAM used, MB",
  "image, MB",
];

/** One boot will do: the machine's clock counts instructions, so load and speed of this machine do not matter. */
export async function formatInstructions(contestants: readonly Contestant[]): Promise<string> {
  const rows: string[][] = [];
  for (const contestant of contestants) {
    const boot = await countBoot(contestant);
    rows.push([
      contestant.name,
      boot.toFirstStep?.toFixed(3) ?? "",
      boot.fromInit.toFixed(3),
      boot.megabytes.toFixed(0),
      (statSync(contestant.initrd).size / 1e6).toFixed(1),
    ]);
  }
  return formatTable(HEADS, rows);
}

export function countBoot(contestant: Contestant): Promise<Boot> {
  return measureBoot(contestant, {
    nic: NICS[0]!,
    memoryMegabytes: MEMORY_MEGABYTES,
    countsInstructions: true,
  });
}
