/** The page of clumpview: this node, its place in the cluster, and what it is doing. */

import type { ClusterView } from "../../cluster/view.ts";
import { BIG_HEIGHT, bigWidth, drawBig } from "./big-text.ts";
import { Canvas, COLOUR } from "./canvas.ts";
import { drawCluster } from "./cluster-table.ts";
import { describeNode, type Fact } from "./facts.ts";
import { type Box, drawBar, drawGraph } from "./graph.ts";
import type { Sample } from "./sample.ts";
import type { NodeStatus } from "./status.ts";
import { formatDuration, formatMemory, formatShare } from "./words.ts";

export interface ViewState {
  readonly status: NodeStatus | undefined;
  /** Absent while clumpd has not written it. */
  readonly cluster?: ClusterView | undefined;
  /** Nodes that are above the first one shown, when they do not all fit. */
  readonly scroll?: number;
  readonly sample: Sample;
  /** Shares, oldest first. */
  readonly loads: readonly number[];
  readonly memories: readonly number[];
  /** The keys that do something, as the last line says them. */
  readonly footer: string;
}

/** Smaller than this, the page does without big letters and graphs. */
const ROOMY = { width: 60, height: 20 };
/** Room for "address", and for the longest name a network interface can have (IFNAMSIZ). */
const LABEL_WIDTH = { least: 10, most: 17 };
const LEAST_GRAPH_HEIGHT = 4;
/** The title and the bar of a panel whose graph has given way to the table of nodes. */
const PANEL_ROWS = 2;

/** Draws the page for a terminal of that size; any size will do. */
export function view(state: ViewState, width: number, height: number): Canvas {
  const canvas = new Canvas(width, height);
  if (width >= ROOMY.width && height >= ROOMY.height) drawRoomy(canvas, state);
  else drawCompact(canvas, state);
  canvas.text(1, canvas.height - 1, state.footer, { colour: COLOUR.sky });
  return canvas;
}

function drawRoomy(canvas: Canvas, state: ViewState): void {
  drawHeading(canvas, state.status);
  canvas.text(2, BIG_HEIGHT + 1, describeMachine(state), { room: canvas.width - 4 });
  canvas.rule(BIG_HEIGHT + 2, COLOUR.blue);
  const top = BIG_HEIGHT + 3;
  const room = canvas.height - top - LEAST_GRAPH_HEIGHT - 5;
  const facts = describeNode(state.status, state.sample.uptime, state.cluster);
  const end = drawFacts(canvas, facts, { x: 2, y: top, room });
  canvas.rule(end, COLOUR.blue);
  const half = Math.floor((canvas.width - 5) / 2);
  const height = canvas.height - end - 3;
  const table = hasCompany(state) ? Math.max(height - PANEL_ROWS, height > PANEL_ROWS + 1 ? 2 : 0) : 0;
  const box = { y: end + 1, width: half, height: table > 0 ? PANEL_ROWS : height };
  drawLoad(canvas, { ...box, x: 2 }, state);
  drawMemory(canvas, { ...box, x: 3 + half }, state);
  if (table > 0)
    drawTable(canvas, { x: 2, y: end + 1 + PANEL_ROWS, width: canvas.width - 4, height: table }, state);
  canvas.rule(canvas.height - 2, COLOUR.blue);
}

function drawHeading(canvas: Canvas, status: NodeStatus | undefined): void {
  drawBig(canvas, 2, 0, { text: "clump", colour: COLOUR.sky });
  const number = String(status?.node ?? "--");
  const x = canvas.width - 2 - bigWidth(number);
  canvas.text(x - 5, BIG_HEIGHT - 1, "node", { colour: COLOUR.white });
  drawBig(canvas, x, 0, { text: number, colour: status?.node === undefined ? COLOUR.dark : COLOUR.white });
}

function describeMachine({ status, sample }: ViewState): string {
  const up = `up ${formatDuration(sample.uptime)}`;
  return status ? `${status.hostname}, ${status.mode} mode, ${up}, clump ${status.version}` : up;
}

/** Writes as many lines as there is room for, and says when some are left out. Gives the row after them. */
function drawFacts(
  canvas: Canvas,
  facts: readonly Fact[],
  place: { x: number; y: number; room: number },
): number {
  const shown = facts.length > place.room ? facts.slice(0, Math.max(0, place.room - 1)) : facts;
  const longest = Math.max(...shown.map(({ label }) => label.length + 2));
  const labels = Math.min(Math.max(longest, LABEL_WIDTH.least), LABEL_WIDTH.most);
  for (const [index, { label, text, colour }] of shown.entries()) {
    canvas.text(place.x, place.y + index, label, { colour: COLOUR.cyan, room: labels - 2 });
    const x = place.x + (label === "" ? 0 : labels);
    canvas.text(x, place.y + index, text, { colour, room: canvas.width - 1 - x });
  }
  const end = place.y + shown.length;
  if (shown.length === facts.length) return end;
  if (place.room > 0)
    canvas.text(place.x, end, `and ${facts.length - shown.length} more lines`, { colour: COLOUR.dark });
  return end + 1;
}

function hasCompany({ cluster }: ViewState): boolean {
  return (cluster?.nodes.length ?? 0) > 1;
}

function drawTable(canvas: Canvas, box: Box, { cluster, sample, scroll = 0 }: ViewState): void {
  if (cluster) drawCluster(canvas, box, { view: cluster, uptime: sample.uptime, scroll });
}

function drawLoad(canvas: Canvas, box: Box, { sample, loads }: ViewState): void {
  const cpus = sample.cpus === 1 ? "1 CPU" : `${sample.cpus} CPUs`;
  drawPanel(canvas, box, {
    title: `load  ${formatShare(sample.load)} of ${cpus}`,
    share: sample.load,
    values: loads,
  });
}

function drawMemory(canvas: Canvas, box: Box, { sample, memories }: ViewState): void {
  const title = `memory  ${formatMemory(sample.memoryUsed, sample.memoryTotal)}`;
  drawPanel(canvas, box, { title, share: memoryShare(sample), values: memories });
}

function drawPanel(
  canvas: Canvas,
  box: Box,
  { title, share, values }: { title: string; share: number; values: readonly number[] },
): void {
  canvas.text(box.x, box.y, title, { colour: COLOUR.white, room: box.width });
  drawBar(canvas, { x: box.x, y: box.y + 1, width: box.width }, share);
  if (box.height > PANEL_ROWS) drawGraph(canvas, { ...box, y: box.y + 2, height: box.height - 2 }, values);
}

/** The share of the memory that is in use, 0 to 1. */
export function memoryShare({ memoryUsed, memoryTotal }: Sample): number {
  return memoryTotal > 0 ? memoryUsed / memoryTotal : 0;
}

function drawCompact(canvas: Canvas, state: ViewState): void {
  const { status, sample } = state;
  canvas.text(1, 0, `clump node ${status?.node ?? "--"}`, { colour: COLOUR.white });
  canvas.text(1, 1, describeMachine(state), { room: canvas.width - 2 });
  const { cluster } = state;
  const table = hasCompany(state) ? Math.max(Math.floor((canvas.height - 5) / 2), 0) : 0;
  const room = canvas.height - 5 - table;
  drawFacts(canvas, describeNode(status, sample.uptime, cluster), { x: 1, y: 2, room });
  if (table > 0) drawTable(canvas, { x: 1, y: 2 + room, width: canvas.width - 2, height: table }, state);
  const use = `load ${formatShare(sample.load)}, memory ${formatMemory(sample.memoryUsed, sample.memoryTotal)}`;
  canvas.text(1, canvas.height - 3, use, { room: canvas.width - 2 });
  drawBar(canvas, { x: 1, y: canvas.height - 2, width: canvas.width - 2 }, sample.load);
}
