/** Draws clumpview's page from its state. */

import type { GuestsLeave } from "../sources/source.ts";
import { Canvas, COLOUR } from "../terminal/canvas.ts";
import { wrapText } from "../terminal/wrap.ts";
import { drawClusterPage } from "./cluster-page.ts";
import { drawDetail } from "./detail.ts";
import { drawFooter } from "./footer.ts";
import { drawHelp } from "./help.ts";
import { drawJobsPage } from "./jobs-page.ts";
import { drawNodePage, drawSmallNodePage } from "./node-page.ts";
import { showsNodePage, type ViewState } from "./view-state.ts";

/** Columns of a box that its words do not have. */
const BOX_MARGIN = 8;
const MOST_REASONS = 6;

/** Smaller terminals get pages without big letters. */
const ROOMY = { width: 60, height: 20 };

/** Draws the page for a terminal of any size. */
export function view(state: ViewState, width: number, height: number): Canvas {
  const canvas = new Canvas(width, height);
  const isRoomy = width >= ROOMY.width && height >= ROOMY.height;
  drawPage(canvas, state, isRoomy);
  drawFooter(canvas, state);
  if (state.departure !== undefined) drawDeparture(canvas, state, state.departure);
  else if (state.countdown !== undefined) drawCountdown(canvas, state, state.countdown);
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

function drawCountdown(canvas: Canvas, { status }: ViewState, left: number): void {
  drawBox(canvas, [
    `node ${status?.node ?? "--"} shuts down in ${left} s`,
    "any key: it stays",
    "ESC again: at once",
  ]);
}

const JOBS_OF_SLURM = {
  requeue: "Slurm starts its jobs again on other nodes",
  wait: "it waits for its jobs of Slurm",
} as const;

/** Guests leave before the node shuts down; a person decides on those that stay. */
function drawDeparture(canvas: Canvas, { status, moves }: ViewState, departure: GuestsLeave): void {
  const { secondsLeft: left, stays, slurm } = departure;
  const guests = (moves?.jobs ?? []).filter(({ kind }) => kind === "guest").length;
  const node = `node ${status?.node ?? "--"}`;
  if (slurm !== undefined) {
    drawBox(canvas, [
      `${node} shuts down: ${JOBS_OF_SLURM[slurm]}`,
      ...(slurm === "requeue" ? [`${left} s left`] : []),
      "ESC: at once, they end",
    ]);
    return;
  }
  if (stays.length === 0) {
    drawBox(canvas, [
      `${node} shuts down: ${guestsGo(guests)} home`,
      `${left} s left`,
      "ESC: at once, guests end",
    ]);
    return;
  }
  const reasons = stays.flatMap((stay) => wrapText(stay, Math.max(canvas.width - BOX_MARGIN, 1)));
  const more = reasons.length > MOST_REASONS ? [`and ${reasons.length - MOST_REASONS} more lines`] : [];
  drawBox(canvas, [
    `${node} shuts down in ${left} s; these guests stay, and end:`,
    ...[...reasons.slice(0, MOST_REASONS), ...more],
    "ESC: at once",
    "w: they get a minute more",
  ]);
}

/** The list of guests may be two seconds old, and lack a guest that has just come. */
function guestsGo(count: number): string {
  if (count === 0) return "its guests go";
  return count === 1 ? "1 guest goes" : `${count} guests go`;
}

/** Draws a box in the middle of the page. */
function drawBox(canvas: Canvas, texts: readonly string[]): void {
  const lines = texts.flatMap((text) => wrapText(text, Math.max(canvas.width - BOX_MARGIN, 1)));
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
