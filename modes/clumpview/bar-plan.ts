/** How upright bars share a rectangle: side by side while there is room, then in rows of bars above each other. */

import type { Labels } from "./choice.ts";

type Style = Exclude<Labels, "auto">;

export interface BarPlan {
  readonly style: Style;
  /** Rows of bars above each other. */
  readonly bands: number;
  /** Bars in one of them. */
  readonly perBand: number;
  /** Columns from one bar to the next. */
  readonly cell: number;
  /** Lines of a band. */
  readonly height: number;
  /** Lines of its numbers, below the bars. */
  readonly labelRows: number;
}

/** Lines that bars want in each style to be told apart; tight bars take what there is. */
const BAR_ROWS: Readonly<Record<Style, number>> = { wide: 6, vertical: 6, tight: 2 };
/** Wider than this a bar says no more. */
const WIDEST_CELL = 8;

export interface Crowd {
  readonly count: number;
  /** Digits of the highest number. */
  readonly digits: number;
}

/** The widest bars that show all in that many columns and lines; the tightest there are, where not all fit. */
export function planBars(crowd: Crowd, labels: Labels, box: { width: number; height: number }): BarPlan {
  const styles = labels === "auto" ? (["wide", "vertical", "tight"] as const) : [labels];
  const plans = styles.flatMap((style) => plansOf(style, crowd, box));
  return plans.find(({ bands, perBand }) => bands * perBand >= crowd.count) ?? plans.at(-1)!;
}

/** One plan for each number of bands that leaves its bars enough lines; at least one. */
function plansOf(style: Style, { count, digits }: Crowd, box: { width: number; height: number }): BarPlan[] {
  const labelRows = style === "vertical" ? digits : 1;
  const least = { wide: digits + 1, vertical: 2, tight: 1 }[style];
  const most = Math.max(Math.floor(box.height / (labelRows + BAR_ROWS[style])), 1);
  return Array.from({ length: most }, (_, index): BarPlan => {
    const bands = index + 1;
    const wanted = Math.floor(box.width / Math.max(Math.ceil(count / bands), 1));
    const cell = Math.min(Math.max(wanted, least), WIDEST_CELL);
    const perBand = Math.max(Math.floor(box.width / cell), 1);
    return { style, bands, perBand, cell, height: Math.floor(box.height / bands), labelRows };
  });
}
