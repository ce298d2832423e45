/** All nodes as upright bars, in rows above each other where they are too many for one row. */

import { AXIS, colourOf, drawScale, MARGIN, scaleTop, sheetOf } from "./charts.js";
import { isAlive } from "./rows.js";

/** @typedef {import("./rows.js").ClusterNode} ClusterNode */
/** @typedef {import("./charts.js").Sheet} Sheet */
/** @typedef {import("./charts.js").Box} Box */
/** @typedef {{ readonly bands: number, readonly perBand: number, readonly step: number }} Plan */

/** Pixels from one bar to the next, where there are few and where there are many. */
const STEP = { least: 3, most: 40 };
const MOST_BANDS = 4;
/** Pixels of the bars of one row, where it is the only one and where there are more. */
const HEIGHTS = { one: 96, many: 48 };
/** Pixels that a number below the bars needs. */
const LABEL_WIDTH = 30;
const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/**
 * How so many bars share a width.
 * @param {number} count
 * @param {number} width
 * @returns {Plan}
 */
export function planBars(count, width) {
  const room = Math.max(width - MARGIN.left, 1);
  const wanted = Math.ceil((count * STEP.least) / room);
  const bands = Math.min(Math.max(wanted, 1), MOST_BANDS);
  const perBand = Math.max(Math.ceil(count / bands), 1);
  return { bands, perBand, step: Math.min(room / perBand, STEP.most) };
}

/** @param {Plan} plan */
function bandHeight({ bands }) {
  return (bands === 1 ? HEIGHTS.one : HEIGHTS.many) + MARGIN.top + AXIS;
}

/**
 * The numbers that stand below a row of bars: the own node's, and round ones as dense as they are readable.
 * @param {readonly ClusterNode[]} nodes
 * @param {number} step pixels from one bar to the next
 * @returns {number[]} indexes of `nodes`
 */
export function labelled(nodes, step) {
  const every = ROUND.find((round) => round * step >= LABEL_WIDTH) ?? 1_000;
  const indexes = [...nodes.keys()];
  const wanted = [
    ...indexes.filter((index) => nodes[index]?.isSelf),
    ...indexes.filter((index) => index === 0 || Number(nodes[index]?.id) % every === 0),
  ];
  /** @type {number[]} */
  const taken = [];
  for (const index of wanted) {
    if (taken.every((other) => Math.abs(other - index) * step >= LABEL_WIDTH)) taken.push(index);
  }
  return taken;
}

/**
 * Draws one bar for each node, in the order given; a dead node has a stump.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly ClusterNode[]} nodes
 */
export function drawBars(canvas, nodes) {
  const plan = planBars(nodes.length, canvas.clientWidth);
  canvas.style.height = `${plan.bands * bandHeight(plan)}px`;
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const top = scaleTop(nodes.filter(isAlive).map(({ busy }) => busy));
  for (let band = 0; band < plan.bands; band++) {
    const shown = nodes.slice(band * plan.perBand, (band + 1) * plan.perBand);
    const box = {
      x: MARGIN.left,
      y: MARGIN.top + band * bandHeight(plan),
      width: sheet.width - MARGIN.left,
      height: bandHeight(plan) - MARGIN.top - AXIS,
    };
    drawScale(sheet, box, top);
    drawBand(sheet, box, { nodes: shown, step: plan.step, top });
    drawNumbers(sheet, box, { nodes: shown, step: plan.step });
  }
}

/**
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {{ readonly nodes: readonly ClusterNode[], readonly step: number, readonly top: number }} band
 */
function drawBand({ context, colour }, box, { nodes, step, top }) {
  const width = Math.max(step * 0.75, 1);
  for (const [index, node] of nodes.entries()) {
    const share = isAlive(node) ? Math.min(node.busy / top, 1) : 0;
    const tall = Math.max(share * box.height, 2);
    context.fillStyle = colour(isAlive(node) ? colourOf(node.busy) : node.state);
    context.fillRect(box.x + index * step + (step - width) / 2, box.y + box.height - tall, width, tall);
  }
}

/**
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {{ readonly nodes: readonly ClusterNode[], readonly step: number }} band
 */
function drawNumbers({ context, colour }, box, { nodes, step }) {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const index of labelled(nodes, step)) {
    const node = nodes[index];
    if (!node) continue;
    const x = box.x + (index + 0.5) * step;
    context.fillStyle = colour(node.isSelf ? "text" : "dim");
    context.fillRect(Math.round(x), box.y + box.height + 1, 1, 3);
    const text = String(node.id || "--");
    const half = context.measureText(text).width / 2;
    // The last number stays within the canvas.
    const middle = Math.min(x, box.x + box.width - half);
    context.fillText(text, middle, box.y + box.height + AXIS - 4);
  }
}

/**
 * Which bar is at a point of the canvas, -1 where there is none.
 * @param {{ readonly x: number, readonly y: number, readonly width: number, readonly count: number }} point
 */
export function barAt({ x, y, width, count }) {
  const plan = planBars(count, width);
  const column = Math.floor((x - MARGIN.left) / plan.step);
  const index = Math.floor(y / bandHeight(plan)) * plan.perBand + column;
  return column >= 0 && column < plan.perBand && index >= 0 && index < count ? index : -1;
}
