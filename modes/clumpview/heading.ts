/** The heading with this node's name and number, readable across a room. */

import { formatDuration } from "../../system/amounts.ts";
import { NOT_CONFIGURED } from "../figures/facts.ts";
import { BIG_HEIGHT, bigWidth, drawBig, fitBig } from "../terminal/big-text.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import type { ViewState } from "./view-state.ts";

/** Columns of "node" and a blank before the big number. */
const WORD_WIDTH = 5;
/** Columns that big digits leave to the lines of words. */
const LEAST_WORDS = 58;

/** Draws this node's number at the right end of the first lines; returns the columns left of it. */
function drawNumber(canvas: Canvas, { status }: ViewState): number {
  const number = String(status?.node ?? "--");
  const x = canvas.width - 2 - bigWidth(number);
  canvas.text(x - WORD_WIDTH, BIG_HEIGHT - 1, "node", { colour: COLOUR.white });
  drawBig(canvas, x, 0, { text: number, colour: status?.node === undefined ? COLOUR.dark : COLOUR.white });
  return x - WORD_WIDTH;
}

/** Draws this node's name and number in big letters. */
export function drawNameAndNumber(canvas: Canvas, state: ViewState): void {
  const room = drawNumber(canvas, state) - 4;
  const name = state.status?.hostname ?? "clump";
  // A cut name would be the name of another node.
  const text = bigWidth(name) <= room ? name : fitBig("clump", room);
  drawBig(canvas, 2, 0, { text, colour: COLOUR.sky });
}

interface BigLine {
  readonly text: string;
  readonly colour: number;
}

/** Words across a room for a node without a number, the longest first. */
const NOT_CONFIGURED_WORDS = [NOT_CONFIGURED, "not configured", "no number"];

/** The address, or that the node is not configured, where it fits across a canvas in big letters. */
export function fittingBigLine({ width }: Canvas, { status }: ViewState): BigLine | undefined {
  const isConfigured = status?.node !== undefined && status.address !== undefined;
  const texts = isConfigured ? [status.address] : NOT_CONFIGURED_WORDS;
  const text = texts.find((each) => bigWidth(each) <= width - 4);
  return text === undefined ? undefined : { text, colour: isConfigured ? COLOUR.white : COLOUR.yellow };
}

export function drawBigLine(canvas: Canvas, y: number, line: BigLine): void {
  drawBig(canvas, 2, y, line);
}

/** Draws lines of words left of the number, with the address in big digits between where it fits. */
export function drawWordsAndNumber(
  canvas: Canvas,
  state: ViewState,
  lines: readonly { readonly text: string; readonly colour: number }[],
): void {
  let room = drawNumber(canvas, state) - 3;
  const address = state.status?.address ?? "";
  const width = bigWidth(address);
  if (width > 0 && room - width - 2 >= LEAST_WORDS) {
    room -= width + 2;
    drawBig(canvas, room + 2, 0, { text: address, colour: COLOUR.sky });
  }
  for (const [y, { text, colour }] of lines.entries()) canvas.text(2, y, text, { colour, room: room - 2 });
}

/** "node77, NoVNC mode, up 1 min 3 s, clump 7.0". */
export function describeMachine({ status, sample, origin }: ViewState): string {
  const up = `up ${formatDuration(sample.uptime)}`;
  if (!status) return [up, origin ?? ""].filter((word) => word !== "").join(", ");
  const { hostname, mode, version } = status;
  // The mode of another node is not known.
  const words = [hostname, mode && `${mode} mode`, up, version && `clump ${version}`, origin ?? ""];
  return words.filter((word) => word !== "").join(", ");
}
