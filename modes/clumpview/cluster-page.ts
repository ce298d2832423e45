/** The page of all nodes: what they make together, and each of them as a line or a bar. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { arrangeNodes } from "./arrange.ts";
import { drawBars, planFor } from "./bars.ts";
import { BIG_HEIGHT } from "./big-text.ts";
import { type Canvas, COLOUR } from "./canvas.ts";
import { drawTable, tableCapacity } from "./cluster-table.ts";
import { type Box, drawGraph } from "./graph.ts";
import { describeMachine, drawWordsAndNumber } from "./heading.ts";
import { MEASURES } from "./measures.ts";
import { describeNodeLine } from "./node-line.ts";
import { firstShown } from "./node-look.ts";
import { describeCluster, describeTotals, sumNodes } from "./totals.ts";
import type { ViewState } from "./view-state.ts";

/** A graph of the total is not made lower or higher than this. */
const GRAPH_ROWS = { least: 4, most: 10 };
/** Bars that are lower are not made lower still by a graph above them. */
const COMFORTABLE_ROWS = 6;
/** The highest number of values a graph can need. */
const WIDEST = 512;

interface Line {
  readonly text: string;
  readonly colour: number;
}

/** Draws the page below the heading of a large terminal, or of a small one. */
export function drawClusterPage(
  canvas: Canvas,
  state: ViewState,
  cluster: ClusterView,
  isRoomy: boolean,
): void {
  const nodes = arrangeNodes(cluster.nodes, state.choice);
  const kind = pageKind(state, nodes, canvas, isRoomy);
  const margin = isRoomy ? 2 : 1;
  const top = isRoomy ? drawRoomyHead(canvas, state, cluster) : drawSmallHead(canvas, state, cluster);
  const last = canvas.height - (isRoomy ? 2 : 1);
  if (isRoomy) canvas.rule(last, COLOUR.blue);
  const position = kind === "table" ? describePosition(state, nodes, last - top - 1) : undefined;
  const note = describeNote(state, { cluster, nodes, kind, position });
  if (note)
    canvas.text(margin, last - 1, note.text, { colour: note.colour, room: canvas.width - 2 * margin });
  const box = {
    x: margin,
    y: top,
    width: canvas.width - 2 * margin,
    height: Math.max(last - top - (note ? 1 : 0), 0),
  };
  if (nodes.length === 0) {
    canvas.text(box.x, box.y, "no node is like that", { colour: COLOUR.yellow });
    return;
  }
  const rest = state.choice.showsTotal ? drawTotalGraph(canvas, box, { state, nodes, kind }) : box;
  if (kind === "bars") drawBars(canvas, rest, { nodes, choice: state.choice });
  else {
    const { selected } = state.choice;
    drawTable(canvas, rest, { nodes, loads: state.clusterLoads, uptime: state.sample.uptime, selected });
  }
}

/** Lines while all nodes have one, else bars. */
function pageKind(
  { choice }: ViewState,
  nodes: readonly NodeView[],
  { height }: Canvas,
  isRoomy: boolean,
): "table" | "bars" {
  if (choice.page === "table" || choice.page === "bars") return choice.page;
  const around = isRoomy ? BIG_HEIGHT + 4 : 4;
  return nodes.length <= tableCapacity(height - around) ? "table" : "bars";
}

function headLines({ choice }: ViewState, cluster: ClusterView): Line[] {
  const total = choice.showsTotal
    ? [{ text: `total    ${describeTotals(sumNodes(cluster.nodes))}`, colour: COLOUR.white }]
    : [];
  return [{ text: `cluster  ${describeCluster(cluster)}`, colour: COLOUR.white }, ...total];
}

function drawRoomyHead(canvas: Canvas, state: ViewState, cluster: ClusterView): number {
  const { address = "", prefix } = state.status ?? {};
  const network = prefix === undefined ? address : `${address}/${prefix}`;
  drawWordsAndNumber(canvas, state, [
    { text: describeMachine(state), colour: COLOUR.grey },
    { text: `address  ${network}`, colour: COLOUR.white },
    ...headLines(state, cluster),
  ]);
  canvas.rule(BIG_HEIGHT, COLOUR.blue);
  return BIG_HEIGHT + 1;
}

function drawSmallHead(canvas: Canvas, state: ViewState, cluster: ClusterView): number {
  const { node = "--", address = "" } = state.status ?? {};
  const own = { text: `clump node ${node}  ${address}`, colour: COLOUR.white };
  const lines = [own, ...headLines(state, cluster)].slice(0, Math.max(Math.floor(canvas.height / 4), 1));
  for (const [y, { text, colour }] of lines.entries())
    canvas.text(1, y, text, { colour, room: canvas.width - 2 });
  return lines.length;
}

interface Shown {
  readonly cluster: ClusterView;
  readonly nodes: readonly NodeView[];
  readonly kind: "table" | "bars";
  readonly position: string | undefined;
}

/** "17 to 32 of 254", where a table of that height does not show all. */
function describePosition({ choice }: ViewState, nodes: readonly NodeView[], height: number) {
  const most = tableCapacity(height);
  if (nodes.length <= most) return undefined;
  const first = firstShown(nodes, choice.selected, most);
  return `${first + 1} to ${first + most} of ${nodes.length}`;
}

/** The last line above the footer: the marked node, what is wrong, or how the nodes are shown. */
function describeNote(
  { choice, status, sample }: ViewState,
  { cluster, nodes, kind, position }: Shown,
): Line | undefined {
  const marked = nodes.find(({ address }) => address === choice.selected);
  if (marked && kind === "bars")
    return { text: describeNodeLine(marked, sample.uptime), colour: COLOUR.white };
  const [problem, ...more] = [...cluster.problems, ...(status?.problems ?? [])];
  if (problem !== undefined)
    return {
      text: `problem  ${problem}${more.length > 0 ? `, and ${more.length} more` : ""}`,
      colour: COLOUR.rose,
    };
  const isFiltered = choice.filter !== "" || choice.isTyping;
  const words = [
    ...(position === undefined ? [] : [position]),
    ...(isFiltered || !choice.showsDead ? [`${nodes.length} of ${cluster.nodes.length} nodes`] : []),
    ...(isFiltered ? [`filter "${choice.filter}"`] : []),
    ...(choice.showsDead ? [] : ["without the dead"]),
    ...(choice.order === "node" ? [] : [`by ${choice.order}`]),
    ...(kind === "bars" ? [MEASURES[choice.measure].title] : []),
  ];
  return words.length === 0 ? undefined : { text: words.join(", "), colour: COLOUR.cyan };
}

/** Draws it where it leaves the nodes room enough; gives what is left of the box. */
function drawTotalGraph(
  canvas: Canvas,
  box: Box,
  { state, nodes, kind }: { state: ViewState; nodes: readonly NodeView[]; kind: "table" | "bars" },
): Box {
  const height = Math.min(Math.floor(box.height / 4), GRAPH_ROWS.most);
  const rest = { ...box, y: box.y + height + 1, height: box.height - height - 1 };
  if (height < GRAPH_ROWS.least) return box;
  const plan = planFor({ nodes, choice: state.choice }, rest);
  const isEnough =
    kind === "table" ? nodes.length <= tableCapacity(rest.height) : plan.height >= COMFORTABLE_ROWS;
  if (!isEnough) return box;
  drawGraph(canvas, { ...box, height }, state.clusterLoads.total(WIDEST));
  for (let x = box.x; x < box.x + box.width; x++) canvas.put(x, box.y + height, "─", COLOUR.dark);
  return rest;
}
