/** Pages to the bytes that show them: only the cells that changed are written. */

import { type Canvas, COLOUR, toAscii } from "./canvas.ts";

/** As long as a cursor movement. */
const LONGEST_GAP = 7;

/** Takes a terminal over: no cursor, no wrapping at the last column. */
export const BEGIN = "\x1b[?25l\x1b[?7l";
/** Gives it back as it was, on a line of its own below the page. */
export const finish = (height: number): string => `\x1b[0m\x1b[?7h\x1b[?25h\x1b[${height};1H\r\n`;

/**
 * What turns the page `before` into `next` on an ECMA-48 terminal; all of it, on a cleared screen, where there
 * was none or one of another size.
 */
export function renderChanges(before: Canvas | undefined, next: Canvas, { ascii = false } = {}): string {
  const known = before?.width === next.width && before.height === next.height ? before : undefined;
  let output = known ? "" : `${BEGIN}\x1b[0m\x1b[2J`;
  let colour = -1;
  let cursor = -1;
  for (let cell = 0; cell < next.characters.length; cell++) {
    const character = next.characters[cell] ?? " ";
    const wanted = next.colours[cell] ?? COLOUR.grey;
    if (isShown(known, cell, character, wanted)) continue;
    output += step(next, cursor, cell);
    if (colour !== wanted) output += setColour(wanted);
    output += ascii ? toAscii(character) : character;
    colour = wanted;
    // At the end of a row the cursor waits at the last column, whatever the terminal.
    cursor = (cell + 1) % next.width === 0 ? -1 : cell + 1;
  }
  return output;
}

/** A blank looks alike in every colour; a cleared screen is blank. */
function isShown(known: Canvas | undefined, cell: number, character: string, colour: number): boolean {
  const there = known ? known.characters[cell] : " ";
  return there === character && (character === " " || known?.colours[cell] === colour);
}

/** Blanks where that is as short as moving, so that words stay whole in what a serial line records. */
function step(page: Canvas, from: number, to: number): string {
  const between = from < 0 ? [] : page.characters.slice(from, to);
  const onSameRow = from >= 0 && Math.floor(from / page.width) === Math.floor(to / page.width);
  if (onSameRow && between.length <= LONGEST_GAP && between.every((character) => character === " ")) {
    return " ".repeat(between.length);
  }
  return moveTo(to, page.width);
}

function moveTo(cell: number, width: number): string {
  return `\x1b[${Math.floor(cell / width) + 1};${(cell % width) + 1}H`;
}

/** ECMA-48 colours, and the bright ones of aixterm that the kernel's console knows too. */
function setColour(colour: number): string {
  if (colour === COLOUR.grey) return "\x1b[0m";
  return `\x1b[${colour < 8 ? 30 + colour : 82 + colour}m`;
}
