/** The graphs, on canvases that are as sharp as the screen. */

import { isAlive } from "./rows.js";

/** Tops of a scale: the smallest that shows the highest value is taken. */
const SCALES = [0.1, 0.25, 0.5, 1];

/** @param {readonly number[]} values shares, 0 to 1 */
export function scaleTop(values) {
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  return SCALES.find((top) => highest <= top) ?? 1;
}

/** @typedef {{ readonly context: CanvasRenderingContext2D, readonly width: number, readonly height: number, readonly colour: (name: string) => string }} Sheet */

/**
 * A clean sheet of the size the canvas has on the page; nothing while it is not shown.
 * @param {HTMLCanvasElement} canvas
 * @returns {Sheet | undefined}
 */
function sheetOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || width === 0) return undefined;
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  return { context, width, height, colour: (name) => style.getPropertyValue(`--${name}`) };
}

/** Room for "100 %". */
const MARGIN = 44;

/**
 * Two moving lines, the newest values at the right.
 * @param {HTMLCanvasElement} canvas
 * @param {{ readonly busy: readonly number[], readonly memory: readonly number[], readonly span: number }} past
 */
export function drawHistory(canvas, { busy, memory, span }) {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const top = Math.max(scaleTop(busy), scaleTop(memory));
  drawScale(sheet, top);
  drawLine(sheet, { values: memory, colour: "memory", top, span, isFilled: false });
  drawLine(sheet, { values: busy, colour: "busy", top, span, isFilled: true });
}

/**
 * @param {Sheet} sheet
 * @param {number} top
 */
function drawScale({ context, width, height, colour }, top) {
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const part of [0, 0.5, 1]) {
    const y = 8 + (1 - part) * (height - 16);
    context.fillStyle = colour("line");
    context.fillRect(MARGIN, Math.round(y), width - MARGIN, 1);
    context.fillStyle = colour("dim");
    context.fillText(`${Math.round(part * top * 1000) / 10} %`, MARGIN - 6, y);
  }
}

/**
 * @param {Sheet} sheet
 * @param {{ readonly values: readonly number[], readonly colour: string, readonly top: number, readonly span: number, readonly isFilled: boolean }} line
 */
function drawLine({ context, width, height, colour: colourOf }, { values, colour, top, span, isFilled }) {
  if (values.length === 0) return;
  const step = (width - MARGIN) / (span - 1);
  const x = (/** @type {number} */ index) => width - (values.length - 1 - index) * step;
  const y = (/** @type {number} */ value) => 8 + (1 - Math.min(value / top, 1)) * (height - 16);
  context.beginPath();
  for (const [index, value] of values.entries()) context.lineTo(x(index), y(value));
  context.strokeStyle = colourOf(colour);
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  context.stroke();
  if (!isFilled) return;
  context.lineTo(width, height - 8);
  context.lineTo(x(0), height - 8);
  context.globalAlpha = 0.18;
  context.fillStyle = colourOf(colour);
  context.fill();
  context.globalAlpha = 1;
}

/**
 * One bar for each node, in the order given; a dead one leaves a stump.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly import("./rows.js").ClusterNode[]} nodes
 */
export function drawBars(canvas, nodes) {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const { context, width, height, colour } = sheet;
  const top = scaleTop(nodes.filter(isAlive).map(({ busy }) => busy));
  drawScale(sheet, top);
  const step = (width - MARGIN) / Math.max(nodes.length, 1);
  const bar = Math.max(Math.min(step * 0.75, 28), 1);
  for (const [index, node] of nodes.entries()) {
    const share = isAlive(node) ? Math.min(node.busy / top, 1) : 0;
    const tall = Math.max(share * (height - 16), 2);
    context.fillStyle = colour(isAlive(node) ? colourOf(node.busy) : node.state);
    context.fillRect(MARGIN + index * step + (step - bar) / 2, height - 8 - tall, bar, tall);
  }
}

/**
 * Which bar is at a point of the canvas.
 * @param {{ readonly x: number, readonly width: number, readonly count: number }} place
 */
export function barAt({ x, width, count }) {
  const index = Math.floor(((x - MARGIN) / (width - MARGIN)) * count);
  return index >= 0 && index < count ? index : -1;
}

/**
 * A small line without a scale.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly number[]} values shares, 0 to 1
 * @param {number} span
 */
export function drawSpark(canvas, values, span) {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const { context, width, height, colour } = sheet;
  const step = width / span;
  for (const [index, value] of values.entries()) {
    const tall = Math.max(value * height, 1);
    context.fillStyle = colour(colourOf(value));
    context.fillRect(width - (values.length - index) * step, height - tall, Math.max(step - 0.5, 1), tall);
  }
}

/**
 * The name of the colour for a share, as clumpview has them.
 * @param {number} share
 */
export function colourOf(share) {
  if (share < 0.6) return "calm";
  return share < 0.9 ? "warm" : "hot";
}
