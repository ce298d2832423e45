/** The page of this node. */

import { formatMemory, formatShare } from "../../system/amounts.ts";
import { describeNode, type Fact } from "../figures/facts.ts";
import type { Shares } from "../figures/history.ts";
import { describeCluster, memoryShare } from "../figures/totals.ts";
import { BIG_HEIGHT } from "../terminal/big-text.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { type Box, drawBar, drawGraph } from "../terminal/graph.ts";
import { wrapText } from "../terminal/wrap.ts";
import { describeMachine, drawBigLine, drawNameAndNumber, fittingBigLine } from "./heading.ts";
import { hasCompany, type ViewState } from "./view-state.ts";
import { describeWebAddress } from "./web-address.ts";

/** Columns of "address", and of the longest name of a network interface (IFNAMSIZ). */
const LABEL_WIDTH = { least: 10, most: 17 };
const LEAST_GRAPH_HEIGHT = 3;
/** Lines of title, bar, rule and footer around a graph. */
const AROUND_GRAPH = 5;

export function drawNodePage(canvas: Canvas, state: ViewState): void {
  const facts = wrapFacts(factsOf(state), canvas.width - 3);
  const rows = canvas.height - LEAST_GRAPH_HEIGHT - AROUND_GRAPH;
  drawNameAndNumber(canvas, state);
  // Facts come before big digits.
  const big = fittingBigLine(canvas, state);
  const isBig = big !== undefined && 2 * BIG_HEIGHT + 2 + facts.length <= rows;
  if (isBig) drawBigLine(canvas, BIG_HEIGHT, big);
  const y = isBig ? 2 * BIG_HEIGHT : BIG_HEIGHT + 1;
  canvas.text(2, y, describeMachine(state), { room: canvas.width - 4 });
  canvas.rule(y + 1, COLOUR.blue);
  const page = state.choice.factsPage;
  const end = drawFacts(canvas, facts, { x: 2, y: y + 2, room: rows - y - 2, page });
  canvas.rule(end, COLOUR.blue);
  const half = Math.floor((canvas.width - 5) / 2);
  const box = { y: end + 1, width: half, height: canvas.height - end - 3 };
  drawLoad(canvas, { ...box, x: 2 }, state);
  drawMemory(canvas, { ...box, x: 3 + half }, state);
  canvas.rule(canvas.height - 2, COLOUR.blue);
}

/** The page of this node for a small terminal. */
export function drawSmallNodePage(canvas: Canvas, state: ViewState): void {
  const { status, sample } = state;
  canvas.text(1, 0, `clump node ${status?.node ?? "--"}`, { colour: COLOUR.white });
  canvas.text(1, 1, describeMachine(state), { room: canvas.width - 2 });
  const facts = wrapFacts(factsOf(state), canvas.width - 2);
  drawFacts(canvas, facts, { x: 1, y: 2, room: canvas.height - 5, page: state.choice.factsPage });
  const use = `load ${formatShare(sample.load)}, memory ${formatMemory(sample.memoryUsed, sample.memoryTotal)}`;
  canvas.text(1, canvas.height - 3, use, { room: canvas.width - 2 });
  drawBar(canvas, { x: 1, y: canvas.height - 2, width: canvas.width - 2 }, sample.load);
}

function factsOf(state: ViewState): readonly Fact[] {
  const { status, sample, cluster } = state;
  const web = describeWebAddress(state);
  const facts = describeNode(status, sample.uptime, cluster).map((fact) =>
    fact.label === "web" && web !== undefined ? { ...fact, text: web } : fact,
  );
  if (!cluster || !hasCompany(state)) return facts;
  return [...facts, { label: "cluster", text: describeCluster(cluster), colour: COLOUR.grey }];
}

/** Wraps sentences; `room` is the width of labels and texts together. */
function wrapFacts(facts: readonly Fact[], room: number): Fact[] {
  const width = room - labelWidth(facts);
  return facts.flatMap((fact) => {
    if (!fact.isSentence) return [fact];
    const [first = "", ...rest] = wrapText(fact.text, width);
    return [{ ...fact, text: first }, ...rest.map((text) => ({ ...fact, label: " ", text }))];
  });
}

function labelWidth(facts: readonly Fact[]): number {
  const longest = Math.max(...facts.map(({ label }) => label.length + 2));
  return Math.min(Math.max(longest, LABEL_WIDTH.least), LABEL_WIDTH.most);
}

/** Writes the facts, or one of their pages, counted around in a circle, with a line on the others. Returns the row below. */
export function drawFacts(
  canvas: Canvas,
  facts: readonly Fact[],
  place: { x: number; y: number; room: number; page?: number },
): number {
  const { first, most } = planPage(facts.length, place);
  const shown = facts.slice(first, first + most);
  const labels = labelWidth(shown);
  for (const [index, { label, text, colour }] of shown.entries()) {
    canvas.text(place.x, place.y + index, label, { colour: COLOUR.cyan, room: labels - 2 });
    const x = place.x + (label === "" ? 0 : labels);
    canvas.text(x, place.y + index, text, { colour, room: canvas.width - 1 - x });
  }
  const end = place.y + most;
  if (shown.length === facts.length) return end;
  const rest = facts.length - shown.length;
  if (place.room > 0)
    canvas.text(place.x, end, `${rest} more ${rest === 1 ? "line" : "lines"}: [PgDn]`, {
      colour: COLOUR.yellow,
    });
  return end + 1;
}

/** The lines of the page: all that there are, or as many as leave room for the line on the others. */
function planPage(
  count: number,
  { room, page = 0 }: { room: number; page?: number },
): { readonly first: number; readonly most: number } {
  if (count <= room) return { first: 0, most: count };
  const most = Math.max(room - 1, 0);
  const pages = most === 0 ? 1 : Math.ceil(count / most);
  return { first: (((page % pages) + pages) % pages) * most, most };
}

function drawLoad(canvas: Canvas, box: Box, { sample, loads }: ViewState): void {
  const cpus = sample.cpus === 1 ? "1 CPU" : `${sample.cpus} CPUs`;
  const title = `load  ${formatShare(sample.load)} of ${cpus}`;
  drawPanel(canvas, box, { title, share: sample.load, values: loads });
}

function drawMemory(canvas: Canvas, box: Box, { sample, memories }: ViewState): void {
  const title = `memory  ${formatMemory(sample.memoryUsed, sample.memoryTotal)}`;
  drawPanel(canvas, box, { title, share: memoryShare(sample), values: memories });
}

function drawPanel(
  canvas: Canvas,
  box: Box,
  { title, share, values }: { title: string; share: number; values: Shares },
): void {
  canvas.text(box.x, box.y, title, { colour: COLOUR.white, room: box.width });
  drawBar(canvas, { x: box.x, y: box.y + 1, width: box.width }, share);
  if (box.height > 2) drawGraph(canvas, { ...box, y: box.y + 2, height: box.height - 2 }, values);
}
