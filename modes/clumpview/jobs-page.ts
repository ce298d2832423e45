/** The page of jobs: what runs where, whose, since when, and what stays here for which reason. */

import { NO_JOBS } from "../../cluster/moves-report.ts";
import { describeJobs, describeJobTotals, type JobLine } from "../figures/jobs.ts";
import { BIG_HEIGHT } from "../terminal/big-text.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { wrapText } from "../terminal/wrap.ts";
import { describeMachine, drawWordsAndNumber } from "./heading.ts";
import type { ViewState } from "./view-state.ts";

const COLOURS: Readonly<Record<JobLine["look"], number>> = {
  underway: COLOUR.yellow,
  away: COLOUR.white,
  guest: COLOUR.cyan,
  stays: COLOUR.grey,
};

interface Column {
  readonly key: "pid" | "name" | "whose" | "where" | "duration" | "moved" | "moves";
  readonly title: string;
  readonly width: number;
  /** Narrower pages do not have the column. */
  readonly from: number;
}

/** The kernel's limit of pids has seven digits, and a name has 15 bytes (TASK_COMM_LEN). */
const PID_DIGITS = 7;
const COLUMNS: readonly Column[] = [
  { key: "pid", title: "    pid", width: 9, from: 0 },
  { key: "name", title: "program", width: 17, from: 0 },
  { key: "whose", title: "whose", width: 11, from: 60 },
  { key: "where", title: "where", width: 20, from: 0 },
  { key: "duration", title: "for", width: 12, from: 58 },
  { key: "moved", title: "moved", width: 10, from: 70 },
  { key: "moves", title: "moves", width: 5, from: 78 },
];

export function drawJobsPage(canvas: Canvas, state: ViewState, isRoomy: boolean): void {
  const x = isRoomy ? 2 : 1;
  const y = isRoomy ? drawRoomyHead(canvas, state) : drawSmallHead(canvas, state);
  const last = canvas.height - (isRoomy ? 2 : 1);
  if (isRoomy) canvas.rule(last, COLOUR.blue);
  const { moves, cluster, now, choice } = state;
  const lines = moves === undefined ? [] : describeJobs(moves, cluster?.nodes ?? [], now);
  if (lines.length === 0) return void canvas.text(x, y, whyEmpty(state), { room: canvas.width - 2 * x });
  const columns = COLUMNS.filter(({ from }) => canvas.width >= from);
  drawCells(canvas, x, y, columns, ({ title }) => title, COLOUR.cyan);
  const rows = lines.flatMap((line) => rowsOf(line, columns, canvas.width - 2 * x));
  // The line above the footer says which rows are shown.
  const room = Math.max(last - y - 2, 1);
  const most = rows.length <= room + 1 ? rows.length : room;
  const pages = Math.max(Math.ceil(rows.length / most), 1);
  // The last page is full, as that of nodes.
  const first = Math.min((((choice.jobsPage % pages) + pages) % pages) * most, rows.length - most);
  const shown = rows.slice(first, first + most);
  for (const [index, row] of shown.entries())
    drawCells(canvas, x, y + 1 + index, columns, ({ key }) => row.cells[key] ?? "", row.colour);
  if (pages > 1) {
    const position = `lines ${first + 1} to ${first + shown.length} of ${rows.length}: [PgDn]`;
    canvas.text(x, last - 1, position, { colour: COLOUR.yellow });
  }
}

function whyEmpty({ moves, origin }: ViewState): string {
  return moves === undefined && origin !== undefined
    ? `the processes of ${origin} are not known here`
    : NO_JOBS;
}

interface Row {
  readonly cells: Partial<Record<Column["key"], string>>;
  readonly colour: number;
}

/** A reason takes the rest of its line, and further lines; on a narrow page it begins below the program. */
function rowsOf(line: JobLine, columns: readonly Column[], width: number): Row[] {
  const colour = COLOURS[line.look];
  const { pid: number, name, whose, where, duration } = line;
  const pid = number.padStart(PID_DIGITS);
  if (line.look !== "stays") return [{ cells: { ...line, pid }, colour }];
  const isNarrow = columns.every(({ key }) => key !== "whose");
  const begin = columns.findIndex(({ key }) => key === (isNarrow ? "name" : "where"));
  const room = width - columns.slice(0, begin).reduce((sum, column) => sum + column.width, 0);
  const [first = "", ...rest] = wrapText(`${where}, ${duration} ago`, room);
  if (!isNarrow)
    return [
      { cells: { pid, name, whose, where: first }, colour },
      ...rest.map((text) => ({ cells: { where: text }, colour })),
    ];
  return [
    { cells: { pid, name }, colour },
    ...[first, ...rest].map((text) => ({ cells: { name: text }, colour })),
  ];
}

function drawCells(
  canvas: Canvas,
  x: number,
  y: number,
  columns: readonly Column[],
  textOf: (column: Column) => string,
  colour: number,
): void {
  let at = x;
  for (const [index, column] of columns.entries()) {
    const text = textOf(column);
    // A cell may go on where no other cell follows in its line.
    const isLast = columns.slice(index + 1).every((other) => textOf(other) === "");
    canvas.text(at, y, text, { colour, room: isLast ? canvas.width - at : column.width - 1 });
    at += column.width;
  }
}

function drawRoomyHead(canvas: Canvas, state: ViewState): number {
  const { address = "", prefix } = state.status ?? {};
  drawWordsAndNumber(canvas, state, [
    { text: describeMachine(state), colour: COLOUR.grey },
    { text: `address  ${prefix === undefined ? address : `${address}/${prefix}`}`, colour: COLOUR.white },
    { text: `jobs     ${totals(state)}`, colour: COLOUR.white },
  ]);
  canvas.rule(BIG_HEIGHT, COLOUR.blue);
  return BIG_HEIGHT + 1;
}

function drawSmallHead(canvas: Canvas, state: ViewState): number {
  const text = `node ${state.status?.node ?? "--"}  ${totals(state)}`;
  canvas.text(1, 0, text, { colour: COLOUR.white, room: canvas.width - 2 });
  return 1;
}

function totals({ moves }: ViewState): string {
  return moves === undefined ? "none" : describeJobTotals(moves);
}
