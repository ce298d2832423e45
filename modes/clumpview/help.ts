/** The page of help on keys; where it does not fit it has several pages. */

import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { wrapText } from "../terminal/wrap.ts";

type Entry = readonly [keys: string, meaning: string];

const HELP: readonly Entry[] = [
  ["Tab", "this node, lines, bars, jobs"],
  ["j", "jobs: what runs where, what stays"],
  ["a", "choose by what there is to see"],
  ["arrows - +", "mark a node"],
  ["PgUp PgDn n p", "16 nodes on or back"],
  ["Enter", "the marked node alone, else this one"],
  ["/", "filter: 7, 192.168.1, up, dead"],
  ["o", "order: node, load, memory, address"],
  ["d", "the dead: show or hide"],
  ["t", "the total: show or hide"],
  ["l", "bars of load"],
  ["u", "of processors in use"],
  ["m", "of memory"],
  ["r", "of memory, as a share"],
  ["s S", "of speed; s on a node's screen: a shell"],
  ["w v V", "bars wide, narrow, tight"],
  ["h ?", "this help"],
  ["Ctrl-L", "draw all anew"],
];

const KEYS_WIDTH = 15;
/** Columns between a meaning and the keys to its right. */
const GAP = 2;
/** The title and the rule below it. */
const HEAD_ROWS = 2;

/** Narrower terminals have the meaning of keys below them. */
const LEAST_WIDTH = 32;
const INDENT = 2;

/** A line of the help: keys at its begin, a meaning, or both. */
interface Line {
  readonly keys: string;
  readonly x: number;
  readonly text: string;
}

/** Draws the keys, with an entry on ESC, in as many columns as fit; else page `page`, counted around in a circle. */
export function drawHelp(canvas: Canvas, leaving: string, page: number): void {
  const entries = [...HELP, ...splitLeaving(leaving)];
  const columnWidth = KEYS_WIDTH + Math.max(...entries.map(([, meaning]) => meaning.length)) + GAP;
  const columns = Math.floor(canvas.width / columnWidth);
  const rows = Math.max(canvas.height - HEAD_ROWS - 1, 1);
  canvas.rule(1, COLOUR.blue);
  if (columns >= 1 && Math.ceil(entries.length / columns) <= rows) {
    drawTitle(canvas, "clumpview: the keys");
    drawColumns(canvas, entries, { rows: Math.ceil(entries.length / columns), columnWidth });
    return;
  }
  const lines = entries.flatMap((entry) => linesOf(entry, canvas.width));
  const pages = Math.ceil(lines.length / rows);
  const index = ((page % pages) + pages) % pages;
  drawTitle(canvas, `the keys, ${index + 1} of ${pages}, arrows turn`);
  drawLines(canvas, lines.slice(index * rows, (index + 1) * rows));
}

function drawTitle(canvas: Canvas, title: string): void {
  canvas.text(2, 0, title, { colour: COLOUR.white, room: canvas.width - 2 });
}

function drawColumns(
  canvas: Canvas,
  entries: readonly Entry[],
  { rows, columnWidth }: { readonly rows: number; readonly columnWidth: number },
): void {
  for (const [index, [keys, meaning]] of entries.entries()) {
    const x = 2 + Math.floor(index / rows) * columnWidth;
    const y = HEAD_ROWS + (index % rows);
    canvas.text(x, y, keys, { colour: COLOUR.cyan });
    canvas.text(x + KEYS_WIDTH, y, meaning);
  }
}

function drawLines(canvas: Canvas, lines: readonly Line[]): void {
  for (const [index, { keys, x, text }] of lines.entries()) {
    canvas.text(2, HEAD_ROWS + index, keys, { colour: COLOUR.cyan });
    canvas.text(2 + x, HEAD_ROWS + index, text);
  }
}

/** The meaning stands beside its keys, or below them on a narrow terminal. */
function linesOf([keys, meaning]: Entry, width: number): Line[] {
  const x = width < LEAST_WIDTH ? INDENT : KEYS_WIDTH;
  const texts = wrapText(meaning, width - 2 - x);
  if (x === INDENT) texts.unshift("");
  return texts.map((text, index) => ({ keys: index === 0 ? keys : "", x, text }));
}

/** Turns "[ESC] shut this node down" into an entry. */
function splitLeaving(leaving: string): Entry[] {
  const [, keys = "", meaning = ""] = /^\[(.*?)\] (.*)$/.exec(leaving) ?? [];
  return keys === "" ? [] : [[keys, meaning]];
}
