/** The last line of a page: the keys, or why one did nothing, and the notice on viewers. */

import type { Notice } from "../access/notice.ts";
import { type Canvas, COLOUR } from "../terminal/canvas.ts";
import { isFiltering } from "./choice.ts";
import { hasCompany, type ViewState } from "./view-state.ts";

const NO_NOTICE: Notice = { text: "", colour: COLOUR.grey };
/** Blanks between two keys. */
const GAP = { wide: 3, narrow: 2 } as const;
/** The key to leave and the key to the other pages are there however narrow the terminal is. */
const NEVER_DROPPED = 2;

interface Word {
  readonly long: string;
  /** For a line on which the long words do not fit. */
  readonly short?: string;
}

/** Draws the keys, the most important first, as many as fit. */
export function drawFooter(canvas: Canvas, state: ViewState): void {
  const { choice, hint } = state;
  const y = canvas.height - 1;
  if (choice.isTyping) {
    canvas.text(1, y, `filter: ${choice.filter}_  [Enter] keep  [ESC] drop`, { colour: COLOUR.white });
    return;
  }
  const { text, colour } = noticeOf(state);
  const end = canvas.width - (text === "" ? 0 : text.length + 2);
  const x = hint
    ? canvas.text(1, y, hint, { colour: COLOUR.yellow })
    : drawKeys(canvas, y, end, keysOf(state));
  canvas.text(Math.max(end + 1, x + 1), y, text, { colour });
}

function keysOf(state: ViewState): Word[] {
  const { choice, cluster, opensShells } = state;
  return [
    { long: describeEscape(state) },
    ...(cluster ? [{ long: "[Tab] another page", short: "[Tab]" }] : []),
    { long: "[h] help" },
    ...(opensShells && choice.over === undefined ? [{ long: "[s] shell" }] : []),
    ...(hasJobs(state) ? [{ long: "[j] jobs" }] : []),
    ...(hasCompany(state) && choice.over === undefined
      ? [{ long: "[Enter] one node", short: "[Enter] node" }]
      : []),
  ];
}

/** A node that is alone, and whose moves were never used, has no jobs to show. */
function hasJobs(state: ViewState): boolean {
  const { over, page } = state.choice;
  return over === undefined && page !== "jobs" && (hasCompany(state) || state.moves !== undefined);
}

/** Returns the column behind the last key. */
function drawKeys(canvas: Canvas, y: number, end: number, words: readonly Word[]): number {
  const needed = words.reduce((sum, { long }) => sum + long.length + GAP.wide, 1 - GAP.wide);
  const isWide = needed < end;
  let x = 1;
  for (const [index, { long, short = long }] of words.entries()) {
    const word = isWide ? long : short;
    const at = index === 0 ? x : x + (isWide ? GAP.wide : GAP.narrow);
    if (index >= NEVER_DROPPED && at + word.length > end) break;
    x = canvas.text(at, y, word, { colour: COLOUR.sky });
  }
  return x;
}

/** A node without a NIC has no viewers. */
function noticeOf({ notice, status }: ViewState): Notice {
  return notice !== undefined && status?.nics.length !== 0 ? notice : NO_NOTICE;
}

function describeEscape({ choice, leaving }: ViewState): string {
  if (choice.over !== undefined || choice.page === "jobs") return "[ESC] back";
  return isFiltering(choice) ? "[ESC] drop the filter" : leaving;
}
