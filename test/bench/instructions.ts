/** One boot of each contestant by counted instructions. */

import { statSync } from "node:fs";
import { MEMORY_MEGABYTES, NICS } from "./boots.ts";
import { type Contestant, findContestants } from "./contestants.ts";
import { type Boot, type BootOptions, measureBoot, measureFromInit } from "./measure.ts";
import { formatTable } from "./table.ts";
import { formatTrace } from "./trace.ts";

const COUNTED: BootOptions = {
  nic: NICS[0]!,
  memoryMegabytes: MEMORY_MEGABYTES,
  countsInstructions: true,
};

const HEADS = [
  "instructions, 1e9",
  "Run /init → first step",
  "Run /init → address",
  "RAM used, MB",
  "image, MB",
];

/**
 * The figures of each contestant, and what our boot does when. One boot will do: the machine's clock counts instructions,
 * so load and speed of this machine do not matter.
 */
export async function formatInstructions(contestants: readonly Contestant[]): Promise<string> {
  const rows: string[][] = [];
  const traces: string[] = [];
  for (const contestant of contestants) {
    const boot = await countBoot(contestant);
    rows.push([
      contestant.name,
      boot.toFirstStep?.toFixed(3) ?? "",
      boot.fromInit.toFixed(3),
      boot.megabytes.toFixed(0),
      (statSync(contestant.initrd).size / 1e6).toFixed(1),
    ]);
    const trace = formatTrace(boot.lines);
    if (trace !== undefined) traces.push(`What ${contestant.name} does when:\n\n${trace}`);
  }
  return [formatTable(HEADS, rows), ...traces].join("\n");
}

export function countBoot(contestant: Contestant): Promise<Boot> {
  // The trace is printed when the address is set, so it costs nothing before.
  const append = contestant.memory === "screen" ? `${contestant.append} clump.trace` : contestant.append;
  return measureBoot({ ...contestant, append }, COUNTED);
}

/** Instructions of the image under test from "Run /init" to the address, in 1e9. */
export async function countToAddress(): Promise<number> {
  const [clump] = await findContestants({ others: [], withPeers: false });
  return await measureFromInit(clump!, COUNTED);
}
