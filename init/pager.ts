/** Texts on a terminal: a pager shows what the screen has no room for. */

import { isDumb } from "../modes/terminal/own-terminal.ts";
import { wrapText } from "../modes/terminal/wrap.ts";
import { say } from "../system/output.ts";

/** For a terminal that does not tell its size, as a serial line. */
const UNKNOWN = { rows: 24, columns: 80 };

const HINT = "q closes this page, Space shows the next one\n\n";

/** busybox's and GNU's: a status line with the numbers of the lines, and nothing below the end of the text. */
const PAGER = ["less", "-M", "-~"];

/** Writes a text to standard output, in the pager where that is a terminal without room for all its lines and a prompt. */
export function showText(text: string): void {
  const { isTTY, rows, columns } = process.stdout;
  const wrapped = isTTY ? fitText(text, columns || UNKNOWN.columns) : text;
  if (isTTY && wrapped.split("\n").length > (rows || UNKNOWN.rows)) showInPager(wrapped);
  else say(1, wrapped);
}

/** Shows a text in less(1), on the terminal that is standard output; as it is where that terminal is dumb. */
export function showInPager(text: string): void {
  const page = fitText(text, process.stdout.columns || UNKNOWN.columns);
  if (isDumb()) {
    say(1, page);
    return;
  }
  try {
    Bun.spawnSync(PAGER, { stdin: Buffer.from(HINT + page), stdout: "inherit", stderr: "inherit" });
  } catch {
    // A machine without less has the text all the same.
    say(1, page);
  }
}

/** Wraps lines between words: the meaning of a word stays in its column, other lines go on below their beginning. */
export function fitText(text: string, columns: number): string {
  const lines = text.split("\n").flatMap((line) => {
    if (line.length <= columns) return [line];
    const [start = ""] = /^ *\S+(?: \S+)* {2,}|^ */.exec(line) ?? [];
    const room = columns - start.length;
    if (room < columns / 3) return [line];
    const parts = wrapText(line.slice(start.length), room);
    return parts.map((part, index) => (index === 0 ? start : " ".repeat(start.length)) + part);
  });
  return lines.join("\n");
}
