/** Where the time of a boot goes, read from its kernel log. */

import type { Boot } from "./measure.ts";
import { formatTable } from "./table.ts";

/** What happens between the lines of the kernel and PID 1's first. */
const MARKS = [
  { pattern: /Run \/init as init process/, name: "kernel: start → Run /init" },
  { pattern: /loop0: detected capacity/, name: "first stage: modules, loop device" },
] as const;

const OURS = /clump: (.+)/;

/** One row for each line of the boot: the kernel's time, and what has passed since the row before. */
export function formatSteps({ lines }: Boot): string {
  let last = 0;
  const rows: string[][] = [];
  for (const line of lines) {
    const name = nameOf(line);
    const time = Number(/^\[ *([\d.]+)\]/.exec(line)?.[1]);
    if (name === undefined || Number.isNaN(time)) continue;
    rows.push([time.toFixed(3), `+${(time - last).toFixed(3)}`, name]);
    last = time;
  }
  return formatTable(["kernel's clock, s", "since the row before", "what"], rows);
}

function nameOf(line: string): string | undefined {
  const mark = MARKS.find(({ pattern }) => pattern.test(line));
  return mark?.name ?? OURS.exec(line)?.[1];
}
