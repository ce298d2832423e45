/** Big letters made of half blocks: two rows of dots for each line of the terminal. */

import { BIG_GLYPHS } from "./big-glyphs.ts";
import type { Canvas } from "./canvas.ts";

export const BIG_HEIGHT = 4;

/** The glyph of any other character. */
const BLANK = "000 000 000 000 000 000 000";

function pictureOf(character: string): string[] {
  return (BIG_GLYPHS[character.toLowerCase()] ?? BLANK).split(" ");
}

/** The width of a text in columns. */
export function bigWidth(text: string): number {
  const columns = [...text].reduce((sum, character) => sum + (pictureOf(character)[0]?.length ?? 0) + 1, 0);
  return Math.max(columns - 1, 0);
}

/** The longest beginning of a text that fits into `room` columns. */
export function fitBig(text: string, room: number): string {
  let fitting = text;
  while (bigWidth(fitting) > room) fitting = fitting.slice(0, -1);
  return fitting;
}

/** Draws a text with its upper left corner at x, y. */
export function drawBig(
  canvas: Canvas,
  x: number,
  y: number,
  { text, colour }: { text: string; colour: number },
): void {
  let at = x;
  for (const character of text) {
    const rows = pictureOf(character);
    const width = rows[0]?.length ?? 0;
    for (let cell = 0; cell < width * BIG_HEIGHT; cell++) {
      const [column, line] = [cell % width, Math.floor(cell / width)];
      const upper = rows[line * 2]?.[column] === "1";
      const lower = rows[line * 2 + 1]?.[column] === "1";
      if (upper || lower) canvas.put(at + column, y + line, halfBlock(upper, lower), colour);
    }
    at += width + 1;
  }
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper && lower) return "█";
  return upper ? "▀" : "▄";
}
