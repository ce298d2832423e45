/** Renders the difference of two pages as bytes for a terminal. */

import { type Canvas, COLOUR, toAscii, toHalves } from "./canvas.ts";

export interface Abilities {
  /** A terminal without boxes and blocks. */
  readonly ascii?: boolean;
  /** A terminal with the kernel's own font, which has no eighth blocks. */
  readonly coarse?: boolean;
  /** A terminal that keeps its own colours. */
  readonly mono?: boolean;
}

/** Blanks up to this number are as short as a cursor movement. */
const LONGEST_GAP = 7;
const BLANK = 0x20;

/** Hides the cursor and turns wrapping at the last column off. */
export const BEGIN = "\x1b[?25l\x1b[?7l";
const RESTORE = "\x1b[0m\x1b[?7h\x1b[?25h";
/** Restores the terminal and clears it: a page that stays would look as if it went on. */
export const CLEAR = `${RESTORE}\x1b[2J\x1b[H`;
/** Restores the terminal and moves the cursor below the page. */
export const finish = (height: number): string => `${RESTORE}\x1b[${height};1H\r\n`;

/**
 * The bytes that turn the page `before` into `next` on an ECMA-48 terminal. Without a page before, or after one of
 * another size, they clear the screen and draw the whole page.
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
    // The cursor's column behind the last character of a row depends on the terminal.
    cursor = (cell + 1) % next.width === 0 ? -1 : cell + 1;
  }
  return output;
}

/**
 * Whether a cell shows already what it should: a blank looks the same in every colour, and a cleared screen is blank.
 */
function isShown(known: Canvas | undefined, next: Canvas, cell: number): boolean {
  const code = next.codes[cell];
  if (known === undefined) return code === BLANK;
  return known.codes[cell] === code && (code === BLANK || known.colours[cell] === next.colours[cell]);
}

/** Moves by blanks where that is as short, so that a serial line's log has whole words. */
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
 * ECMA-48 colours, and aixterm's bright ones, which the kernel's console knows too. It makes them bold, and bold lasts
 * until a reset.
 */
function setColour(colour: number): string {
  if (colour === COLOUR.grey) return "\x1b[0m";
  return colour < 8 ? `\x1b[0;${30 + colour}m` : `\x1b[${82 + colour}m`;
}
