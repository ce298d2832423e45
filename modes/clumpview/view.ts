/** Draws clumpview's page from its state. */

import { Canvas, COLOUR } from "../terminal/canvas.ts";
import { isFiltering } from "./choice.ts";
import { drawClusterPage } from "./cluster-page.ts";
import { drawDetail } from "./detail.ts";
import { drawHelp } from "./help.ts";
import { drawNodePage, drawSmallNodePage } from "./node-page.ts";
import { hasCompany, type ViewState } from "./view-state.ts";

/** Smaller terminals get pages without big letters. */
const ROOMY = { width: 60, height: 20 };

/** Draws the page for a terminal of any size. */
export function view(state: ViewState, width: number, height: number): Canvas {
  const canvas = new Canvas(width, height);
  const isRoomy = width >= ROOMY.width && height >= ROOMY.height;
  drawPage(canvas, state, isRoomy);
  drawFooter(canvas, state);
  if (state.countdown !== undefined) drawCountdown(canvas, state, state.countdown);
  return canvas;
}

function drawPage(canvas: Canvas, state: ViewState, isRoomy: boolean): void {
  const { cluster, choice } = state;
  const marked = cluster?.nodes.find(({ address }) => address === choice.selected);
  if (choice.over === "help") drawHelp(canvas, state.leaving, choice.helpPage);
  else if (choice.over === "detail" && marked) drawDetail(canvas, state, marked);
  else if (cluster && showsCluster(state)) drawClusterPage(canvas, state, cluster, isRoomy);
  else if (isRoomy) drawNodePage(canvas, state);
  else drawSmallNodePage(canvas, state);
}

/** "auto" shows the cluster, except on a node alone or without an address. */
function showsCluster(state: ViewState): boolean {
  const { page } = state.choice;
  if (page === "auto") return hasCompany(state) && state.status?.address !== undefined;
  return page !== "node";
}

/** Draws the keys, the most important first, as many as fit. */
function drawFooter(canvas: Canvas, state: ViewState): void {
  const { choice, cluster } = state;
  const y = canvas.height - 1;
  if (choice.isTyping) {
    canvas.text(1, y, `filter: ${choice.filter}_  [Enter] keep  [ESC] drop`, { colour: COLOUR.white });
    return;
  }
  const words = [
    describeEscape(state),
    "[h] help",
    ...(cluster ? ["[Tab] another page"] : []),
    ...(hasCompany(state) && choice.over === undefined ? ["[Enter] one node"] : []),
  ];
  const { text, colour } = state.notice ?? { text: "", colour: 0 };
  const end = canvas.width - (text === "" ? 0 : text.length + 3);
  let x = 1;
  for (const word of words) {
    if (x > 1 && x + word.length >= end) break;
    x = canvas.text(x, y, word, { colour: COLOUR.sky }) + 3;
  }
  canvas.text(Math.max(end + 1, x), y, text, { colour });
}

function describeEscape({ choice, leaving }: ViewState): string {
  if (choice.over !== undefined) return "[ESC] back";
  return isFiltering(choice) ? "[ESC] drop the filter" : leaving;
}

/** Draws a box in the middle of the page. */
function drawCountdown(canvas: Canvas, { status }: ViewState, left: number): void {
  const lines = [
    `node ${status?.node ?? "--"} shuts down in ${left} s`,
    "any key: it stays",
    "ESC again: at once",
  ];
  const inner = Math.max(...lines.map((line) => line.length)) + 4;
  const x = Math.max(Math.floor((canvas.width - inner - 2) / 2), 0);
  const y = Math.max(Math.floor((canvas.height - lines.length - 2) / 2), 0);
  const options = { colour: COLOUR.rose };
  canvas.text(x, y, `┌${"─".repeat(inner)}┐`, options);
  for (const [index, line] of lines.entries()) {
    canvas.text(x, y + 1 + index, `│  ${line.padEnd(inner - 2)}│`, options);
  }
  canvas.text(x, y + 1 + lines.length, `└${"─".repeat(inner)}┘`, options);
}
