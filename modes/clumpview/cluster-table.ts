/** Draws the nodes as lines of a table, each with a bar and a graph of its load. */

import type { NodeView } from "../../cluster/view.ts";
import { formatMemory, formatShare } from "../../system/amounts.ts";
import type { Shares } from "../figures/history.ts";
import type { Loads } from "../figures/load-history.ts";
import { isAlive } from "../figures/totals.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { type Box, drawBar, drawCurve, SCALE_WIDTH, scaleTop } from "../terminal/graph.ts";
import { firstShown, STATE_LOOKS } from "./node-look.ts";

/** The line with the names of the columns. */
const HEAD_ROWS = 1;
/** The highest row, on a high terminal with few nodes. */
const HIGHEST_ROW = 3;

/** Widths of the columns; bar and graph share the rest. */
const LEFT = { node: 7, address: 16, state: 8 };
/** Numbers of five digits with a "*" need one more column. */
const FIVE_DIGITS = 10_000;
const RIGHT = { share: 6, load: 6, cpus: 6, speed: 8, jobs: 7, memory: 18, age: 6 };
/** A narrower table has neither load nor speed. */
const WIDE = 110;
/** A narrower table has guests and processes that are away in the place of the time at which a node was heard. */
const WITH_JOBS_AND_AGE = 90;
const LEAST_BAR = 8;
/** Least and greatest widths of bar and graph; the graph gives way first. */
const LEAST_GRAPH = SCALE_WIDTH + 12;
const WIDEST_BAR = 30;

/** Stands for what nobody knows of a node that does not gossip, or no longer does. */
const UNKNOWN = "-";

export interface ClusterTable {
  /** In the order in which they are drawn. */
  readonly nodes: readonly NodeView[];
  readonly loads: Loads;
  /** Seconds since the kernel started. */
  readonly uptime: number;
  readonly selected: string | undefined;
}

/** Nodes that fit into so many lines. */
export function tableCapacity(height: number): number {
  return Math.max(height - HEAD_ROWS, 1);
}

export function drawTable(canvas: Canvas, box: Box, table: ClusterTable): void {
  const rows = Math.max(box.height - HEAD_ROWS, 0);
  const first = firstShown(table.nodes, table.selected, Math.max(rows, 1));
  const shown = table.nodes.slice(first, first + rows);
  const height = Math.min(Math.max(Math.floor(rows / Math.max(shown.length, 1)), 1), HIGHEST_ROW);
  const hasLong = table.nodes.some(({ id }) => id >= FIVE_DIGITS);
  const hasJobs = table.nodes.some(({ guests = 0, away = 0 }) => guests + away > 0);
  const columns = planColumns(box.width, { height, left: hasLong ? 1 : 0, hasJobs });
  drawHead(canvas, box, columns);
  const histories = shown.map(({ address }) => table.loads.of(address, columns.graph));
  const top = Math.max(...histories.map(scaleTop), scaleTop([]));
  const largest = Math.max(...table.nodes.filter(isAlive).map(({ memoryTotal }) => memoryTotal));
  for (const [index, node] of shown.entries()) {
    const place = { ...box, y: box.y + HEAD_ROWS + index * height, height };
    const isSelected = node.address === table.selected;
    drawLeft(canvas, place, { node, isSelected, columns });
    if (isAlive(node)) drawLoad(canvas, place, { node, columns, values: histories[index] ?? [], top });
    drawRight(canvas, place, { node, columns, uptime: table.uptime, largest });
  }
}

/** "3/2": guests, and processes that are away; nothing where there is neither. */
function formatJobNumbers({ guests = 0, away = 0 }: NodeView): string {
  return guests + away === 0 ? "" : `${guests}/${away}`;
}

interface NodeLoad {
  readonly node: NodeView;
  readonly columns: Columns;
  readonly values: Shares;
  readonly top: number;
}

function drawLoad(canvas: Canvas, box: Box, { node, columns, values, top }: NodeLoad): void {
  const { bar, graph } = columns;
  const x = box.x + columns.middle;
  if (bar > 0) drawBar(canvas, { x, y: box.y, width: bar }, node.busy);
  const curve = { ...box, x: x + bar + (bar > 0 ? 1 : 0), width: graph };
  if (graph > 0) drawScaledCurve(canvas, curve, { values, top });
}

/** The graph of a node has its scale beside it, and a blank line below it: it belongs to the line of that node. */
function drawScaledCurve(
  canvas: Canvas,
  box: Box,
  { values, top }: { readonly values: Shares; readonly top: number },
): void {
  const height = box.height === HIGHEST_ROW ? box.height - 1 : box.height;
  const scale = { colour: COLOUR.dark, room: SCALE_WIDTH };
  canvas.text(box.x, box.y, formatShare(top).padStart(SCALE_WIDTH - 1), scale);
  if (height > 1) canvas.text(box.x, box.y + height - 1, "0 %".padStart(SCALE_WIDTH - 1), scale);
  const width = box.width - SCALE_WIDTH;
  drawCurve(canvas, { ...box, x: box.x + SCALE_WIDTH, width, height }, { values, top });
}

interface Columns {
  readonly address: number;
  readonly state: number;
  /** The first column of bar and graph. */
  readonly middle: number;
  readonly bar: number;
  readonly graph: number;
  /** The first column behind bar and graph, relative to the table. */
  readonly right: number;
  readonly isWide: boolean;
  readonly hasJobs: boolean;
  readonly hasAge: boolean;
}

/** Rows of several lines have a graph alone, whose newest value is that of the bar. */
function planColumns(
  width: number,
  { height, left, hasJobs }: { height: number; left: number; hasJobs: boolean },
): Columns {
  const address = LEFT.node + left;
  const state = address + LEFT.address;
  const middle = state + LEFT.state;
  const isWide = width >= WIDE;
  const hasAge = !hasJobs || width >= WITH_JOBS_AND_AGE;
  const places = { address, state, middle, isWide, hasJobs, hasAge };
  const { share, load, cpus, speed, jobs, memory, age } = RIGHT;
  const tail =
    share + cpus + memory + (hasAge ? age : 0) + (hasJobs ? jobs : 0) + (isWide ? load + speed : 0);
  const wide = Math.max(width - middle - tail - 1, LEAST_BAR);
  const right = middle + wide + 1;
  if (height > 1) return { ...places, bar: 0, graph: wide, right };
  if (wide < LEAST_BAR + LEAST_GRAPH + 1) return { ...places, bar: wide, graph: 0, right };
  const bar = Math.min(Math.floor(wide / 3), WIDEST_BAR);
  return { ...places, bar, graph: wide - bar - 1, right };
}

function drawHead(canvas: Canvas, { x, y, width }: Box, columns: Columns): void {
  const { right, isWide, hasJobs, hasAge } = columns;
  const colour = COLOUR.cyan;
  const put = (at: number, text: string) => canvas.text(x + at, y, text, { colour, room: width - at });
  put(1, "node");
  put(columns.address, "address");
  put(columns.state, "state");
  put(columns.middle, "load");
  let at = right + RIGHT.share;
  if (isWide) {
    put(at, "load");
    at += RIGHT.load;
  }
  put(at, "CPUs");
  at += RIGHT.cpus;
  if (isWide) {
    put(at, "speed");
    at += RIGHT.speed;
  }
  if (hasJobs) {
    put(at, "in/out");
    at += RIGHT.jobs;
  }
  put(at, "memory");
  if (hasAge) put(at + RIGHT.memory, "heard");
}

function drawLeft(
  canvas: Canvas,
  { x, y, width }: Box,
  { node, isSelected, columns }: { node: NodeView; isSelected: boolean; columns: Columns },
): void {
  const colour = isSelected || node.isSelf ? COLOUR.white : STATE_LOOKS[node.state].colour;
  const put = (at: number, text: string, room: number) =>
    canvas.text(x + at, y, text, { colour, room: Math.min(room - 1, width - at) });
  if (isSelected) put(0, ">", 2);
  put(1, `${node.id || "--"}${node.isSelf ? "*" : ""}`, columns.address - 1);
  put(columns.address, node.address, LEFT.address);
  put(columns.state, node.state, LEFT.state);
}

function drawRight(
  canvas: Canvas,
  { x, y, width }: Box,
  { node, columns, uptime, largest }: { node: NodeView; columns: Columns; uptime: number; largest: number },
): void {
  const colour = node.isSelf ? COLOUR.white : STATE_LOOKS[node.state].colour;
  let at = columns.right;
  const put = (text: string, room: number) => {
    canvas.text(x + at, y, text, { colour, room: Math.min(room - 1, width - at) });
    at += room;
  };
  const used = node.memoryTotal - node.memoryFree;
  const known = (text: string) => (isAlive(node) ? text : UNKNOWN);
  put(known(formatShare(node.busy)).padStart(5), RIGHT.share);
  if (columns.isWide) put(known(node.load.toFixed(2)), RIGHT.load);
  put(node.cpus > 0 ? `x${node.cpus}` : UNKNOWN, RIGHT.cpus);
  if (columns.isWide) put(String(node.speed || UNKNOWN), RIGHT.speed);
  if (columns.hasJobs) put(known(formatJobNumbers(node)), RIGHT.jobs);
  put(known(formatMemory(used, node.memoryTotal, largest)), RIGHT.memory);
  if (columns.hasAge) put(`${Math.max(uptime - node.heardUptime, 0).toFixed(0)} s`, RIGHT.age);
}
