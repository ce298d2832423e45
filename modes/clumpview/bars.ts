/** Draws all nodes as upright bars, as mosmon does; the scale follows the highest bar. */

import type { NodeView } from "../../cluster/view.ts";
import { MEASURES, type Measure, roundTop } from "../figures/measures.ts";
import { isAlive } from "../figures/totals.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { type Box, colourOf, drawColumn } from "../terminal/graph.ts";
import { type BarPlan, planBars } from "./bar-plan.ts";
import type { Choice } from "./choice.ts";
import { firstShown, STATE_LOOKS } from "./node-look.ts";

/** Five characters of the scale and a blank. */
const SCALE_WIDTH = 6;

export interface Bars {
  /** In the order in which they are drawn. */
  readonly nodes: readonly NodeView[];
  readonly choice: Choice;
}

export interface Scale {
  readonly measure: Measure;
  readonly top: number;
}

/** The plan of these bars for a box without the line of the note. */
export function planFor({ nodes, choice }: Bars, { width, height }: Pick<Box, "width" | "height">): BarPlan {
  const digits = nodes.reduce((most, { id }) => Math.max(most, String(id).length), 2);
  const room = { width: Math.max(width - SCALE_WIDTH, 1), height: Math.max(height, 1) };
  return planBars({ count: nodes.length, digits }, choice.labels, room);
}

export function drawBars(canvas: Canvas, box: Box, bars: Bars): void {
  const { nodes, choice } = bars;
  const plan = planFor(bars, box);
  const most = plan.bands * plan.perBand;
  const first = firstShown(nodes, choice.selected, most);
  const shown = nodes.slice(first, first + most);
  const measure = MEASURES[choice.measure];
  const heights = shown.filter(isAlive).map((node) => measure.whole?.(node) ?? measure.value(node));
  const scale = { measure, top: roundTop(Math.max(0, ...heights), measure) };
  for (let band = 0; band * plan.perBand < shown.length; band++) {
    const here = shown.slice(band * plan.perBand, (band + 1) * plan.perBand);
    const place = { ...box, y: box.y + band * plan.height, height: plan.height };
    drawBand(canvas, place, { plan, scale, nodes: here, selected: choice.selected });
  }
}

interface Band {
  readonly plan: BarPlan;
  readonly scale: Scale;
  readonly nodes: readonly NodeView[];
  readonly selected: string | undefined;
}

function drawBand(canvas: Canvas, box: Box, { plan, scale, nodes, selected }: Band): void {
  const rows = Math.max(box.height - plan.labelRows, 1);
  const base = box.y + rows - 1;
  const { format } = scale.measure;
  const options = { colour: COLOUR.dark, room: SCALE_WIDTH - 1 };
  canvas.text(box.x, box.y, format(scale.top).padStart(SCALE_WIDTH - 1), options);
  if (rows > 5)
    canvas.text(box.x, box.y + (rows >> 1), format(scale.top / 2).padStart(SCALE_WIDTH - 1), options);
  if (rows > 1) canvas.text(box.x, base, format(0).padStart(SCALE_WIDTH - 1), options);
  const blank = plan.cell > 1 ? 1 : 0;
  for (const [index, node] of nodes.entries()) {
    const x = box.x + SCALE_WIDTH + index * plan.cell;
    const place = { x, y: base, width: plan.cell - blank, height: rows };
    if (node.address === selected) drawMark(canvas, place);
    drawNode(canvas, place, { node, scale });
    drawLabel(canvas, { x, y: base + 1 }, { node, plan, index, isSelected: node.address === selected });
  }
}

/** Draws a column behind the marked bar, which is visible without colours. */
function drawMark(canvas: Canvas, { x, y, width, height }: Box): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) canvas.put(x + column, y - row, "│", COLOUR.white);
  }
}

function drawNode(canvas: Canvas, box: Box, { node, scale }: { node: NodeView; scale: Scale }): void {
  const { mark, colour } = STATE_LOOKS[node.state];
  const { measure, top } = scale;
  const isShown = isAlive(node);
  const share = measure.value(node) / top;
  const whole = isShown && measure.whole ? Math.round((measure.whole(node) / top) * box.height) : 0;
  for (let column = 0; column < box.width; column++) {
    const x = box.x + column;
    for (let row = 0; row < whole; row++) canvas.put(x, box.y - row, "░", COLOUR.dark);
    if (isShown)
      drawColumn(canvas, { x, bottom: box.y, height: box.height, share }, colourOf(measure.share(node)));
    if (mark !== "") canvas.put(x, box.y, mark, colour);
  }
}

interface Label {
  readonly node: NodeView;
  readonly plan: BarPlan;
  readonly index: number;
  readonly isSelected: boolean;
}

function drawLabel(
  canvas: Canvas,
  { x, y }: Pick<Box, "x" | "y">,
  { node, plan, index, isSelected }: Label,
): void {
  const text = String(node.id || "--");
  const colour = isSelected || node.isSelf ? COLOUR.white : STATE_LOOKS[node.state].colour;
  if (plan.style === "vertical") {
    for (const [row, digit] of [...text].entries()) canvas.put(x, y + row, digit, colour);
    return;
  }
  const every = plan.style === "tight" ? Math.ceil(TIGHT_LABEL / plan.cell) : 1;
  if (index % every === 0) canvas.text(x, y, text, { colour, room: plan.cell * every });
}

/** Columns of a number and a blank, where only some bars have a number. */
const TIGHT_LABEL = 6;
