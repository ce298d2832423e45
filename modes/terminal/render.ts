/** Pages to the bytes that show them: only the cells that changed are written. */

import { type Canvas, COLOUR, toAscii, toHalves } from "./canvas.ts";

export interface Abilities {
  /** Knows no boxes and blocks. */
  readonly ascii?: boolean;
  /** Has the kernel's own font, which has no blocks in eighths. */
  readonly coarse?: boolean;
  /** Is to be left in its own colours. */
  readonly mono?: boolean;
}

/** As long as a cursor movement. */
const LONGEST_GAP = 7;
const BLANK = 0x20;

/** Takes a terminal over: no cursor, no wrapping at the last column. */
export const BEGIN = "\x1b[?25l\x1b[?7l";
/** Gives it back as it was, on a line of its own below the page. */
export const finish = (height: number): string => `\x1b[0m\x1b[?7h\x1b[?25h\x1b[${height};1H\r\n`;

/**
 * What turns the page `before` into `next` on an ECMA-48 terminal; all of it, on a cleared screen, where there
 * was none or one of another size.
 */
export function renderChanges(
  before: Canvas | undefined,
  next: Canvas,
  { ascii = false, coarse = false, mono = false }: Abilities = {},
): string {
  const known = before?.width === next.width && before.height === next.height ? before : undefined;
  let output = known ? "" : `${BEGIN}\x1b[0m\x1b[2J`;
  let colour = mono ? COLOUR.grey : -1;
  let cursor = -1;
  for (let cell = 0; cell < next.codes.length; cell++) {
    if (isShown(known, next, cell)) continue;
    output += step(next, cursor, cell);
    const wanted = mono ? COLOUR.grey : (next.colours[cell] ?? COLOUR.grey);
    if (colour !== wanted) output += setColour(wanted);
    const character = String.fromCharCode(next.codes[cell] ?? BLANK);
    output += ascii ? toAscii(character) : coarse ? toHalves(character) : character;
    colour = wanted;
    // At the end of a row the cursor waits at the last column, whatever the terminal.
    cursor = (cell + 1) % next.width === 0 ? -1 : cell + 1;
  }
  return output;
}

/** A blank looks alike in every colour; a cleared screen is blank. */
function isShown(known: Canvas | undefined, next: Canvas, cell: number): boolean {
  const code = next.codes[cell];
  if (known === undefined) return code === BLANK;
  return known.codes[cell] === code && (code === BLANK || known.colours[cell] === next.colours[cell]);
}

/** Blanks where that is as short as moving, so that words stay whole in what a serial line records. */
function step(page: Canvas, from: number, to: number): string {
  if (from === to) return "";
  const length = to - from;
  const onSameRow = from >= 0 && Math.floor(from / page.width) === Math.floor(to / page.width);
  if (onSameRow && length <= LONGEST_GAP && page.codes.subarray(from, to).every((code) => code === BLANK)) {
    return " ".repeat(length);
  }
  return moveTo(to, page.width);
}

function moveTo(cell: number, width: number): string {
  return `\x1b[${Math.floor(cell / width) + 1};${(cell % width) + 1}H`;
}

/**
 * ECMA-48 colours, and the bright ones of aixterm that the kernel's console knows too: for it those are bold
 * ones, and bold goes on until it is reset.
 */
function setColour(colour: number): string {
  if (colour === COLOUR.grey) return "\x1b[0m";
  return colour < 8 ? `\x1b[0;${30 + colour}m` : `\x1b[${82 + colour}m`;
}
