/** The page of one node of the cluster. */

import type { NodeView } from "../../cluster/view.ts";
import { formatMemory, formatShare } from "../../system/amounts.ts";
import type { Fact } from "../figures/facts.ts";
import { describeCpus, describeHeard, describeJobNumbers } from "../figures/node-line.ts";
import { isAlive } from "../figures/totals.ts";
import { BIG_HEIGHT, bigWidth, drawBig } from "../terminal/big-text.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { drawBar, drawGraph } from "../terminal/graph.ts";
import { STATE_LOOKS } from "./node-look.ts";
import { drawFacts } from "./node-page.ts";
import type { ViewState } from "./view-state.ts";

/** MOSIX status bits with the names of mosctl. */
const SETTINGS = [
  [4, "stay"],
  [8, "lstay"],
  [16, "block"],
  [32, "quiet"],
  [64, "nomfs"],
] as const;
const LEAST_GRAPH_HEIGHT = 3;

export function drawDetail(canvas: Canvas, state: ViewState, node: NodeView): void {
  const number = String(node.id || "--");
  const { colour } = STATE_LOOKS[node.state];
  const isBig = canvas.height >= 20 && bigWidth(number) + bigWidth(node.address) + 8 <= canvas.width;
  let y = isBig ? BIG_HEIGHT + 1 : 1;
  if (isBig) {
    drawBig(canvas, 2, 0, { text: node.address, colour });
    drawBig(canvas, canvas.width - 2 - bigWidth(number), 0, { text: number, colour: COLOUR.white });
  } else canvas.text(1, 0, `node ${number}  ${node.address}`, { colour: COLOUR.white });
  canvas.rule(y, COLOUR.blue);
  const isCertain = !node.isSelf || state.cluster?.isSpeedKnown !== false;
  y = drawFacts(canvas, describe(node, state.sample.uptime, isCertain), {
    x: 2,
    y: y + 1,
    room: canvas.height - y - 3,
  });
  const height = canvas.height - y - 4;
  if (!isAlive(node) || height < LEAST_GRAPH_HEIGHT) return;
  canvas.rule(y, COLOUR.blue);
  const width = canvas.width - 4;
  drawBar(canvas, { x: 2, y: y + 1, width }, node.busy);
  drawGraph(canvas, { x: 2, y: y + 2, width, height }, state.clusterLoads.of(node.address, width));
  canvas.rule(canvas.height - 2, COLOUR.blue);
}

function describe(node: NodeView, uptime: number, isSpeedCertain: boolean): Fact[] {
  const fact = (label: string, text: string, colour = COLOUR.grey): Fact => ({ label, text, colour });
  const settings = SETTINGS.filter(([bit]) => (node.status & bit) !== 0).map(([, word]) => word);
  const heard = node.isSelf ? "this node" : describeHeard(node, uptime);
  const aliases = node.aliases ?? [];
  return [
    fact("node", `${node.id || "without a number"}${node.isSelf ? ", this one" : ""}`, COLOUR.white),
    fact("address", [node.address, ...aliases].join(", "), COLOUR.white),
    fact("state", `${node.state}, ${heard}`, STATE_LOOKS[node.state].colour),
    ...(isAlive(node) ? describeLiving(node, isSpeedCertain) : []),
    ...(settings.length > 0 ? [fact("set", settings.join(", "))] : []),
    ...(node.version ? [fact("clump", node.version)] : []),
  ];
}

function describeLiving(node: NodeView, isSpeedCertain: boolean): Fact[] {
  const fact = (label: string, text: string): Fact => ({ label, text, colour: COLOUR.grey });
  return [
    fact("load", `${node.load.toFixed(2)}, ${formatShare(node.busy)} of ${describeCpus(node)} busy`),
    fact(
      "speed",
      `${node.speed}, where 10000 is a standard processor${isSpeedCertain ? "" : ", not certain yet"}`,
    ),
    fact("memory", formatMemory(node.memoryTotal - node.memoryFree, node.memoryTotal)),
    ...describeJobNumbers(node).map((text) => fact("jobs", text)),
  ];
}
