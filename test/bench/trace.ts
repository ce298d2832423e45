/** The events of a boot that clump.trace has logged, as a table. */

import { formatTable } from "./table.ts";

/** As `traceLine()` writes it. */
const EVENT = /clump: trace: ([\d.]+) ms \+([\d.]+) (.+)/;

/** One row for each event up to "configured", by the clock of the runtime; undefined where the node has logged none. */
export function formatTrace(lines: readonly string[]): string | undefined {
  const rows = lines.flatMap((line) => {
    const [, at, since, what] = EVENT.exec(line) ?? [];
    return at && since && what ? [[at, `+${since}`, what]] : [];
  });
  if (rows.length === 0) return undefined;
  return formatTable(["since the runtime's start, ms", "since the row before", "what"], rows);
}
