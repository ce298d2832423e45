/** The nodes of the cluster as lines of a table: a bar for the load of each. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { type Canvas, COLOUR } from "./canvas.ts";
import { type Box, drawBar } from "./graph.ts";
import { formatMemory, formatShare } from "./words.ts";

/** One line above the nodes says how they are. */
const HEAD_ROWS = 1;
/** Columns and what they need; the bar takes what is left. */
const WIDTHS = { node: 6, address: 16, state: 8, share: 6, cpus: 5, memory: 18, age: 6 };
const LEAST_BAR = 8;

const STATE_COLOURS: Readonly<Record<NodeView["state"], number>> = {
  up: COLOUR.grey,
  silent: COLOUR.cyan,
  suspect: COLOUR.yellow,
  dead: COLOUR.rose,
  left: COLOUR.dark,
};

export interface ClusterPage {
  readonly view: ClusterView;
  /** Seconds since the kernel started. */
  readonly uptime: number;
  /** How many nodes are above the first that is shown. */
  readonly scroll: number;
}

/** "3 nodes, 2 up, 1 dead, open cluster". */
export function describeCluster({ nodes, isOpen }: ClusterView): string {
  const states = (["up", "silent", "suspect", "dead", "left"] as const).flatMap((state) => {
    const count = nodes.filter((node) => node.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  const all = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
  return [all, ...states, ...(isOpen ? ["open cluster"] : [])].join(", ");
}

/** How far a table of so many rows can be scrolled. */
export function mostScroll(nodes: number, rows: number): number {
  return Math.max(nodes - Math.max(rows - HEAD_ROWS, 1), 0);
}

export function drawCluster(canvas: Canvas, box: Box, { view, uptime, scroll }: ClusterPage): void {
  const rows = Math.max(box.height - HEAD_ROWS, 0);
  const first = Math.min(scroll, mostScroll(view.nodes.length, box.height));
  const nodes = [...view.nodes].sort((a, b) => a.id - b.id);
  const shown = nodes.slice(first, first + rows);
  const hidden = nodes.length - shown.length;
  const more = hidden === 0 ? "" : `, ${first + 1} to ${first + shown.length} here: ↑↓`;
  canvas.text(box.x, box.y, `cluster  ${describeCluster(view)}${more}`, {
    colour: COLOUR.white,
    room: box.width,
  });
  for (const [index, node] of shown.entries()) {
    drawNode(canvas, { ...box, y: box.y + HEAD_ROWS + index }, { node, uptime });
  }
}

function drawNode(
  canvas: Canvas,
  { x, y, width }: Box,
  { node, uptime }: { node: NodeView; uptime: number },
): void {
  const colour = node.isSelf ? COLOUR.white : STATE_COLOURS[node.state];
  const isAlive = node.state === "up" || node.state === "suspect";
  const end = x + width;
  let at = x;
  const put = (text: string, room: number) => {
    canvas.text(at, y, text, { colour, room: Math.min(room - 1, end - at) });
    at += room;
  };
  put(`${node.id || "--"}${node.isSelf ? "*" : ""}`, WIDTHS.node);
  put(node.address, WIDTHS.address);
  put(node.state, WIDTHS.state);
  if (!isAlive) return;
  const tail = WIDTHS.share + WIDTHS.cpus + WIDTHS.memory + WIDTHS.age;
  const bar = Math.max(width - (at - x) - tail, LEAST_BAR);
  drawBar(canvas, { x: at, y, width: Math.min(bar, end - at) }, node.busy);
  at += bar + 1;
  put(formatShare(node.busy).padStart(5), WIDTHS.share);
  put(`x${node.cpus}`, WIDTHS.cpus);
  put(formatMemory(node.memoryTotal - node.memoryFree, node.memoryTotal), WIDTHS.memory);
  put(`${Math.max(uptime - node.heardUptime, 0).toFixed(0)} s`, WIDTHS.age);
}
