/** What runs where, as lines of words: jobs of this node that are away, guests, and processes that stay, with the reason. */

import { formatTable } from "../../cluster/commands/table.ts";
import { type JobReport, type MovesReport, NO_JOBS } from "../../cluster/moves-report.ts";
import type { NodeView } from "../../cluster/view.ts";
import { formatDuration } from "../../system/amounts.ts";
import { printable } from "../../system/command-help.ts";

export interface JobLine {
  readonly pid: string;
  readonly name: string;
  /** The user, or the home of a guest: "node 2". */
  readonly whose: string;
  /** "on node 2", "moving to node 3", "here", or the reason why the process stays. */
  readonly where: string;
  /** The time of day at which it moved: "12:03:07". */
  readonly moved: string;
  /** For how long it has been there, or ago that it was to move. */
  readonly duration: string;
  /** The begin of that, in milliseconds since 1970. */
  readonly since: number;
  readonly moves: string;
  readonly look: "underway" | "away" | "guest" | "stays";
}

type Nodes = readonly Pick<NodeView, "id" | "address">[];

/** What is on its way first, then what is away, guests, and what stays; `now` is milliseconds since 1970. */
export function describeJobs({ jobs, stays }: MovesReport, nodes: Nodes, now: number): JobLine[] {
  const duration = (since: number) => formatDuration(Math.max(0, Math.floor((now - since) / SECOND)));
  return [
    ...jobs.map((job): JobLine => {
      const { kind, pid, name, since, moves, next } = job;
      const isHere = kind === "guest" || kind === "arriving";
      return {
        ...{ pid: String(pid), name, since, where: placeOf(job, nodes) },
        whose: isHere ? nameOf(job.address, nodes) : job.user,
        moved: kind === "away" || kind === "guest" ? timeOfDay(since) : "",
        duration: duration(since),
        moves: isHere ? "" : String(moves),
        look: next !== undefined || kind === "arriving" ? "underway" : isHere ? "guest" : "away",
      };
    }),
    ...stays.map(({ pid, name, user, why, at }): JobLine => {
      const where = `stays here: ${why.replace(PREFIX, (_, node?: string) => (node ? `${node}: ` : ""))}`;
      return {
        ...{ pid: String(pid), name, whose: user, where, moved: "", moves: "" },
        ...{ duration: duration(at), since: at, look: "stays" },
      };
    }),
  ];
}

const SECOND = 1_000;
/** openMosix's words for a reason; the line has the pid already. */
const PREFIX = /^(?:Process #\d+ is unmovable|Cannot move process \d+)(?: to (node \d+))?: /;

function placeOf({ kind, address, next }: JobReport, nodes: Nodes): string {
  if (kind === "arriving") return `coming from ${nameOf(address, nodes)}`;
  if (next !== undefined) return `moving to ${nameOf(next, nodes)}`;
  return kind === "guest" ? "here" : `on ${nameOf(address, nodes)}`;
}

/** "node 2", or the address where that node has no number or is not known. */
function nameOf(address: string, nodes: Nodes): string {
  const id = nodes.find((node) => node.address === address)?.id ?? 0;
  return id === 0 ? address : `node ${id}`;
}

function timeOfDay(since: number): string {
  const date = new Date(since);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** "3 away, 1 guest, 1 on its way, 2 stay". */
export function describeJobTotals({ jobs, stays }: MovesReport): string {
  const underway = jobs.filter(({ kind, next }) => next !== undefined || kind === "arriving").length;
  const settled = (wanted: JobReport["kind"]) =>
    jobs.filter(({ kind, next }) => kind === wanted && next === undefined).length;
  const guests = settled("guest");
  const words = [
    ...(underway > 0 ? [`${underway} on ${underway === 1 ? "its" : "their"} way`] : []),
    `${settled("away")} away`,
    `${guests} ${guests === 1 ? "guest" : "guests"}`,
    ...(stays.length > 0 ? [`${stays.length} ${stays.length === 1 ? "stays" : "stay"}`] : []),
  ];
  return words.join(", ");
}

/** The jobs as a table of text, under a line with their numbers. */
export function formatJobs(report: MovesReport, nodes: Nodes, now: number): string {
  const lines = describeJobs(report, nodes, now);
  if (lines.length === 0) return `${NO_JOBS}\n`;
  const rows = lines.map(({ pid, name, whose, where, moved, duration, moves }) =>
    [pid, name, whose, duration, moved, moves || "-", where].map((cell) => printable(cell) || "-"),
  );
  const head = ["pid", "program", "whose", "for", "moved", "moves", "where"];
  return `${describeJobTotals(report)}\n${formatTable(head, rows, [0, 5])}`;
}
