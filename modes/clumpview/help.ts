/** The page of help on keys. */

import { type Canvas, COLOUR } from "../terminal/canvas.ts";

const HELP: readonly (readonly [keys: string, meaning: string])[] = [
  ["Tab", "this node, nodes as lines, as bars"],
  ["a", "choose by what there is to see"],
  ["arrows - +", "mark a node"],
  ["PgUp PgDn n p", "16 nodes on or back"],
  ["Enter", "the marked node alone"],
  ["/", "filter: 7, 192.168.1, up, dead"],
  ["o", "order: node, load, memory, address"],
  ["d", "the dead: show or hide"],
  ["t", "the total: show or hide"],
  ["l", "bars of load"],
  ["u", "of processors in use"],
  ["m", "of memory"],
  ["r", "of memory, as a share"],
  ["s", "of speed"],
  ["w v V", "bars wide, narrow, tight"],
  ["h ?", "this help"],
  ["Ctrl-L", "draw all anew"],
];

const KEYS_WIDTH = 15;
/** Columns of the keys and of the longest meaning. */
const COLUMN_WIDTH = KEYS_WIDTH + 36;

/** Draws the keys in as many columns as fit, with an entry on ESC. */
export function drawHelp(canvas: Canvas, leaving: string): void {
  canvas.text(2, 0, "clumpview: the keys", { colour: COLOUR.white });
  canvas.rule(1, COLOUR.blue);
  const entries = [...HELP, ...splitLeaving(leaving)];
  const columns = Math.max(Math.floor((canvas.width - 2) / COLUMN_WIDTH), 1);
  const rows = Math.ceil(entries.length / columns);
  for (const [index, [keys, meaning]] of entries.entries()) {
    const x = 2 + Math.floor(index / rows) * COLUMN_WIDTH;
    const y = 2 + (index % rows);
    if (y >= canvas.height - 1) continue;
    canvas.text(x, y, keys, { colour: COLOUR.cyan, room: KEYS_WIDTH - 1 });
    canvas.text(x + KEYS_WIDTH, y, meaning, { room: Math.max(canvas.width - x - KEYS_WIDTH - 1, 0) });
  }
}

/** Turns "[ESC] shut this node down" into an entry. */
function splitLeaving(leaving: string): (readonly [string, string])[] {
  const [, keys = "", meaning = ""] = /^\[(.*?)\] (.*)$/.exec(leaving) ?? [];
  return keys === "" ? [] : [[keys, meaning]];
}
