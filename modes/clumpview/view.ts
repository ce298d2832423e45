/** Draws clumpview's page from its state. */

import { Canvas, COLOUR } from "../terminal/canvas.ts";
import { drawClusterPage } from "./cluster-page.ts";
import { drawDetail } from "./detail.ts";
import { drawFooter } from "./footer.ts";
import { drawHelp } from "./help.ts";
import { drawJobsPage } from "./jobs-page.ts";
import { drawNodePage, drawSmallNodePage } from "./node-page.ts";
import { showsNodePage, type ViewState } from "./view-state.ts";

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
  else if (choice.page === "jobs") drawJobsPage(canvas, state, isRoomy);
  else if (cluster && !showsNodePage(state)) drawClusterPage(canvas, state, cluster, isRoomy);
  else if (isRoomy) drawNodePage(canvas, state);
  else drawSmallNodePage(canvas, state);
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
