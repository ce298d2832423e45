/** The graphs on canvases: the sheet, its scale, the history of the cluster and the small graph of a node. */

/** Tops of a scale; the smallest one that covers the highest value is used. */
const SCALES = [0.1, 0.25, 0.5, 1];

/** @typedef {readonly (number | null)[]} Shares 0 to 1, oldest first; null where a share was not known */

/** @param {Shares} values */
export function scaleTop(values) {
  const highest = Math.max(0, ...values.map(Number));
  return SCALES.find((top) => highest <= top) ?? 1;
}

/** @typedef {{ readonly context: CanvasRenderingContext2D, readonly width: number, readonly height: number, readonly colour: (name: string) => string }} Sheet */
/** @typedef {{ readonly x: number, readonly y: number, readonly width: number, readonly height: number }} Box */

/**
 * A clean sheet in the canvas's size on the page and the screen's resolution; undefined while the canvas is hidden.
 * @param {HTMLCanvasElement} canvas
 * @returns {Sheet | undefined}
 */
export function sheetOf(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = width > 0 ? clean(canvas, width, height) : undefined;
  if (!context) return undefined;
  context.font = "11px system-ui, sans-serif";
  return { context, width, height, colour: readColours() };
}

/**
 * Clears a canvas and gives it the screen's resolution.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function clean(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context?.scale(ratio, ratio);
  return context;
}

/**
 * The colours of the style sheet; each is read once, for a read costs as much as a hundred bars.
 * @returns {(name: string) => string}
 */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  /** @type {Map<string, string>} */
  const known = new Map();
  return (name) => {
    const colour = known.get(name) ?? style.getPropertyValue(`--${name}`);
    known.set(name, colour);
    return colour;
  };
}

/** Pixels of "100 %" at the left of a graph, and of half a line of text above it. */
export const MARGIN = { left: 40, top: 7 };
/** Pixels of a line of text below a graph. */
export const AXIS = 18;

/**
 * Draws the scale of a box: three lines, with their shares at the left.
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {number} top
 */
export function drawScale({ context, colour }, { x, y, width, height }, top) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const part of [0, 0.5, 1]) {
    const line = Math.round(y + (1 - part) * height);
    context.fillStyle = colour("line");
    context.fillRect(x, line, width, 1);
    context.fillStyle = colour("dim");
    context.fillText(`${Math.round(part * top * 1000) / 10} %`, x - 6, line);
  }
}

/**
 * Draws two moving lines, the newest values at the right.
 * @param {HTMLCanvasElement} canvas
 * @param {{ readonly busy: Shares, readonly memory: Shares, readonly span: number }} past `span` is in seconds
 */
export function drawHistory(canvas, { busy, memory, span }) {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const top = Math.max(scaleTop(busy), scaleTop(memory));
  const box = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: sheet.width - MARGIN.left,
    height: sheet.height - MARGIN.top - AXIS,
  };
  drawScale(sheet, box, top);
  drawTimes(sheet, box, span / 60);
  drawLine(sheet, box, { values: memory, colour: "memory", top, span, isFilled: false });
  drawLine(sheet, box, { values: busy, colour: "busy", top, span, isFilled: true });
}

/**
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {number} minutes
 */
function drawTimes({ context, colour }, { x, y, width, height }, minutes) {
  context.fillStyle = colour("dim");
  context.textBaseline = "alphabetic";
  const line = y + height + AXIS - 4;
  context.textAlign = "left";
  context.fillText(`${minutes} min ago`, x, line);
  context.textAlign = "center";
  context.fillText(`${minutes / 2} min ago`, x + width / 2, line);
  context.textAlign = "right";
  context.fillText("now", x + width, line);
}

/**
 * @param {Sheet} sheet
 * @param {Box} box
 * @param {{ readonly values: Shares, readonly colour: string, readonly top: number, readonly span: number, readonly isFilled: boolean }} line
 */
function drawLine({ context, colour: colourOf }, box, { values, colour, top, span, isFilled }) {
  const step = box.width / (span - 1);
  const x = (/** @type {number} */ index) => box.x + box.width - (values.length - 1 - index) * step;
  const y = (/** @type {number} */ value) => box.y + (1 - Math.min(value / top, 1)) * box.height;
  context.strokeStyle = colourOf(colour);
  context.fillStyle = colourOf(colour);
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  for (const { first, known } of runsOf(values)) {
    context.beginPath();
    for (const [index, value] of known.entries()) context.lineTo(x(first + index), y(value));
    context.stroke();
    if (!isFilled) continue;
    context.lineTo(x(first + known.length - 1), box.y + box.height);
    context.lineTo(x(first), box.y + box.height);
    context.globalAlpha = 0.18;
    context.fill();
    context.globalAlpha = 1;
  }
}

/**
 * The values between those that are not known, and the index of the first of each.
 * @param {Shares} values
 */
export function runsOf(values) {
  /** @type {{ readonly first: number, readonly known: number[] }[]} */
  const runs = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const isNext = index > 0 && values[index - 1] !== null;
    const run = isNext ? runs.at(-1) : undefined;
    if (run) run.known.push(value);
    else runs.push({ first: index, known: [value] });
  }
  return runs;
}

/** Pixels of a small graph, as in the style sheet: to ask the page for them would make it compute its layout. */
const SPARK = { width: 120, height: 20 };

/**
 * Draws a small graph without a scale: its top is 100 %.
 * @param {HTMLCanvasElement} canvas
 * @param {{ readonly values: Shares, readonly span: number, readonly colour: (name: string) => string }} graph `span` values fill the width
 */
export function drawSpark(canvas, { values, span, colour }) {
  const { width, height } = SPARK;
  const context = clean(canvas, width, height);
  if (!context) return;
  const step = width / span;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const tall = Math.max(value * height, 1);
    context.fillStyle = colour(colourOf(value));
    context.fillRect(width - (values.length - index) * step, height - tall, Math.max(step - 0.5, 1), tall);
  }
}

/**
 * The name of a share's colour, with clumpview's thresholds; the page's legend names them.
 * @param {number} share
 */
export function colourOf(share) {
  if (share < 0.6) return "calm";
  return share < 0.9 ? "warm" : "hot";
}
