/** The page of the cluster: the total, and each node as a line or a bar. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { describeCluster, describeTotals, sumNodes } from "../figures/totals.ts";
import { BIG_HEIGHT } from "../terminal/big-text.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { type Box, drawGraph } from "../terminal/graph.ts";
import { arrangeNodes } from "./arrange.ts";
import { drawBars, planFor } from "./bars.ts";
import { describeNote, type Kind, type Line } from "./cluster-note.ts";
import { drawTable, tableCapacity } from "./cluster-table.ts";
import { describeMachine, drawWordsAndNumber } from "./heading.ts";
import type { ViewState } from "./view-state.ts";
import { describeWebAddress } from "./web-address.ts";

/** Heights of the graph of the total. */
const GRAPH_ROWS = { least: 4, most: 10 };
/** The graph of the total may not make the bars lower than this. */
const COMFORTABLE_ROWS = 6;
const MANY_ROWS = 20;
/** Values of the widest graph. */
const WIDEST = 512;

/** Draws the page with the heading of a large or a small terminal. */
export function drawClusterPage(
  canvas: Canvas,
  state: ViewState,
  cluster: ClusterView,
  isRoomy: boolean,
): void {
  const { choice } = state;
  const nodes = arrangeNodes(cluster.nodes, choice);
  const x = isRoomy ? 2 : 1;
  const y = isRoomy ? drawRoomyHead(canvas, state, cluster) : drawSmallHead(canvas, state, cluster);
  const last = canvas.height - (isRoomy ? 2 : 1);
  if (isRoomy) canvas.rule(last, COLOUR.blue);
  // The line above the footer is the note's.
  const box = { x, y, width: canvas.width - 2 * x, height: Math.max(last - y - 1, 0) };
  const kind = choice.page === "table" || choice.page === "bars" ? choice.page : kindFor(nodes, box);
  const rest = choice.showsTotal ? drawTotalGraph(canvas, box, { state, nodes, kind }) : box;
  const note = describeNote(state, {
    cluster,
    nodes,
    kind,
    capacity: capacityOf(rest, { state, nodes, kind }),
  });
  if (note) canvas.text(x, last - 1, note.text, { colour: note.colour, room: box.width });
  if (nodes.length === 0) canvas.text(x, y, "no node is like that", { colour: COLOUR.yellow });
  else if (kind === "bars") drawBars(canvas, rest, { nodes, choice });
  else {
    const { clusterLoads: loads, sample } = state;
    drawTable(canvas, rest, { nodes, loads, uptime: sample.uptime, selected: choice.selected });
  }
}

/** Lines while every node has one, else bars. */
function kindFor(nodes: readonly NodeView[], { height }: Box): Kind {
  return nodes.length <= tableCapacity(height) ? "table" : "bars";
}

interface Shown {
  readonly state: ViewState;
  readonly nodes: readonly NodeView[];
  readonly kind: Kind;
}

/** Nodes that fit into the box. */
function capacityOf(box: Box, { state, nodes, kind }: Shown): number {
  if (kind === "table") return tableCapacity(box.height);
  const { bands, perBand } = planFor({ nodes, choice: state.choice }, box);
  return bands * perBand;
}

function headLines({ choice }: ViewState, cluster: ClusterView): Line[] {
  const total = choice.showsTotal
    ? [{ text: `total    ${describeTotals(sumNodes(cluster.nodes))}`, colour: COLOUR.white }]
    : [];
  return [{ text: `cluster  ${describeCluster(cluster)}`, colour: COLOUR.white }, ...total];
}

function drawRoomyHead(canvas: Canvas, state: ViewState, cluster: ClusterView): number {
  const { address = "", prefix } = state.status ?? {};
  const web = describeWebAddress(state);
  const network = prefix === undefined ? address : `${address}/${prefix}`;
  drawWordsAndNumber(canvas, state, [
    { text: describeMachine(state), colour: COLOUR.grey },
    { text: web === undefined ? `address  ${network}` : `web      ${web}`, colour: COLOUR.white },
    ...headLines(state, cluster),
  ]);
  canvas.rule(BIG_HEIGHT, COLOUR.blue);
  return BIG_HEIGHT + 1;
}

function drawSmallHead(canvas: Canvas, state: ViewState, cluster: ClusterView): number {
  const { node = "--", address = "" } = state.status ?? {};
  const own = { text: `clump node ${node}  ${describeWebAddress(state) ?? address}`, colour: COLOUR.white };
  const lines = [own, ...headLines(state, cluster)].slice(0, Math.max(Math.floor(canvas.height / 4), 1));
  for (const [y, { text, colour }] of lines.entries())
    canvas.text(1, y, text, { colour, room: canvas.width - 2 });
  return lines.length;
}

/** Draws the graph where enough room is left for the nodes; returns the rest of the box. */
function drawTotalGraph(canvas: Canvas, box: Box, shown: Shown): Box {
  const { state, nodes, kind } = shown;
  const height = Math.min(Math.floor(box.height / 4), GRAPH_ROWS.most);
  if (height < GRAPH_ROWS.least || nodes.length === 0) return box;
  const rest = { ...box, y: box.y + height + 1, height: box.height - height - 1 };
  const isComfortable =
    kind === "table" || planFor({ nodes, choice: state.choice }, rest).height >= COMFORTABLE_ROWS;
  // A list that must be scrolled anyway may lose a few of many lines.
  const isFine = capacityOf(box, shown) < nodes.length && rest.height >= MANY_ROWS;
  const hides = capacityOf(rest, shown) < nodes.length && !isFine;
  if (!isComfortable || hides) return box;
  drawGraph(canvas, { ...box, height }, state.clusterLoads.total(WIDEST));
  for (let x = box.x; x < box.x + box.width; x++) canvas.put(x, box.y + height, "─", COLOUR.dark);
  return rest;
}
