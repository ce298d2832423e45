/** Big letters out of half blocks: two rows of dots to a line of the terminal. */

import type { Canvas } from "./canvas.ts";

/** Seven rows of five dots; only what the title and node numbers need. */
const GLYPHS: Readonly<Record<string, string>> = {
  "0": "01110 10001 10011 10101 11001 10001 01110",
  "1": "00100 01100 00100 00100 00100 00100 01110",
  "2": "01110 10001 00001 00110 01000 10000 11111",
  "3": "11110 00001 00001 01110 00001 00001 11110",
  "4": "00010 00110 01010 10010 11111 00010 00010",
  "5": "11111 10000 11110 00001 00001 10001 01110",
  "6": "00110 01000 10000 11110 10001 10001 01110",
  "7": "11111 00001 00010 00100 01000 01000 01000",
  "8": "01110 10001 10001 01110 10001 10001 01110",
  "9": "01110 10001 10001 01111 00001 00010 01100",
  "-": "00000 00000 00000 11111 00000 00000 00000",
  c: "00000 00000 01110 10000 10000 10001 01110",
  l: "01100 00100 00100 00100 00100 00100 01110",
  u: "00000 00000 10001 10001 10001 10011 01101",
  m: "00000 00000 11010 10101 10101 10001 10001",
  p: "00000 00000 11110 10001 11110 10000 10000",
};

const ADVANCE = 6;
export const BIG_HEIGHT = 4;

/** Columns a text of that many letters takes. */
export function bigWidth(text: string): number {
  return text.length * ADVANCE - 1;
}

/** Draws a text with its upper left corner at x, y; letters that have no picture stay blank. */
export function drawBig(
  canvas: Canvas,
  x: number,
  y: number,
  { text, colour }: { text: string; colour: number },
): void {
  for (const [index, letter] of [...text].entries()) {
    const rows = (GLYPHS[letter] ?? "").split(" ");
    for (let line = 0; line < BIG_HEIGHT; line++) {
      for (let column = 0; column < ADVANCE - 1; column++) {
        const upper = rows[line * 2]?.[column] === "1";
        const lower = rows[line * 2 + 1]?.[column] === "1";
        if (upper || lower)
          canvas.put(x + index * ADVANCE + column, y + line, halfBlock(upper, lower), colour);
      }
    }
  }
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper && lower) return "█";
  return upper ? "▀" : "▄";
}
