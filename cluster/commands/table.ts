/** A table of text: a head, and a line for each row. */

/** `numbers` are the columns whose cells end where the column ends; all others begin where it begins. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[],
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const pad = (cell: string, column: number) =>
    numbers.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return [head, ...rows].map((row) => `${row.map(pad).join("  ").trimEnd()}\n`).join("");
}
