/** A moving graph of shares (0 to 1, `undefined` where a share is not known) with a scale that follows the values. */

import { formatShare } from "../../system/amounts.ts";
import { type Canvas, COLOUR } from "./canvas.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A cell filled from below, by eighths. */
const BLOCKS = " ▁▂▃▄▅▆▇█";

const SCALES = [0.1, 0.25, 0.5, 1];

/** Columns of "100 %" and a blank. */
export const SCALE_WIDTH = 6;

/** The top of the scale: the smallest round share that covers the highest value. */
export function scaleTop(values: readonly (number | undefined)[]): number {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  return SCALES.find((top) => highest <= top) ?? 1;
}

/** Draws a graph, its newest value at the right, its scale at the left. */
export function drawGraph(canvas: Canvas, box: Box, values: readonly (number | undefined)[]): void {
  const columns = Math.max(0, box.width - SCALE_WIDTH);
  const shown = values.slice(-columns || values.length);
  const top = scaleTop(shown);
  const bottom = box.y + box.height - 1;
  canvas.text(box.x, box.y, formatShare(top).padStart(SCALE_WIDTH - 1), { colour: COLOUR.dark });
  if (box.height > 1) canvas.text(box.x, bottom, "0 %".padStart(SCALE_WIDTH - 1), { colour: COLOUR.dark });
  drawCurve(canvas, { ...box, x: box.x + SCALE_WIDTH, width: columns }, { values: shown, top });
}

/** Draws a graph without a scale. */
export function drawCurve(
  canvas: Canvas,
  { x, y, width, height }: Box,
  { values, top }: { readonly values: readonly (number | undefined)[]; readonly top: number },
): void {
  const bottom = y + height - 1;
  for (let column = 0; column < width; column++) {
    const value = values[values.length - width + column];
    if (value === undefined) canvas.put(x + column, bottom, "─", COLOUR.dark);
    else drawColumn(canvas, { x: x + column, bottom, height, share: value / top }, colourOf(value));
  }
}

export interface Column {
  readonly x: number;
  /** The lowest row. */
  readonly bottom: number;
  readonly height: number;
  /** The filled share of the height, 0 to 1. */
  readonly share: number;
}

/** Draws a column of blocks; even the smallest share leaves a mark, so that the graph moves. */
export function drawColumn(canvas: Canvas, { x, bottom, height, share }: Column, colour: number): void {
  const eighths = Math.max(1, Math.min(Math.round(share * height * 8), height * 8));
  for (let done = 0; done < eighths; done += 8) {
    canvas.put(x, bottom - done / 8, BLOCKS[Math.min(eighths - done, 8)] ?? "█", colour);
  }
}

/** Draws a horizontal bar in half cells. */
export function drawBar(canvas: Canvas, { x, y, width }: Omit<Box, "height">, share: number): void {
  const halves = Math.round(Math.min(Math.max(share, 0), 1) * width * 2);
  for (let column = 0; column < width; column++) {
    const filled = halves - column * 2;
    const block = filled >= 2 ? "█" : filled === 1 ? "▌" : "░";
    canvas.put(x + column, y, block, filled > 0 ? colourOf(share) : COLOUR.dark);
  }
}

/** The colour of a share: below 60 %, below 90 %, and above. */
export function colourOf(share: number): number {
  if (share < 0.6) return COLOUR.green;
  return share < 0.9 ? COLOUR.yellow : COLOUR.rose;
}
