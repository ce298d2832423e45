/** Divides a rectangle among upright bars: side by side while there is room, else in bands above each other. */

import type { Labels } from "./choice.ts";

type Style = Exclude<Labels, "auto">;

export interface BarPlan {
  readonly style: Style;
  /** Rows of bars. */
  readonly bands: number;
  /** Bars in one band. */
  readonly perBand: number;
  /** Columns of a bar and the gap behind it. */
  readonly cell: number;
  /** Lines of a band. */
  readonly height: number;
  /** Lines of the numbers below the bars. */
  readonly labelRows: number;
}

/** The least height of bars in each style. */
const BAR_ROWS: Readonly<Record<Style, number>> = { wide: 6, vertical: 6, tight: 2 };
/** Wider bars would show nothing more. */
const WIDEST_CELL = 8;

export interface Crowd {
  readonly count: number;
  /** Digits of the highest node number. */
  readonly digits: number;
}

/** The plan with the widest bars that shows all nodes; else the tightest plan. */
export function planBars(crowd: Crowd, labels: Labels, box: { width: number; height: number }): BarPlan {
  const styles = labels === "auto" ? (["wide", "vertical", "tight"] as const) : [labels];
  const plans = styles.flatMap((style) => plansOf(style, crowd, box));
  return plans.find(({ bands, perBand }) => bands * perBand >= crowd.count) ?? plans.at(-1)!;
}

/** One plan for each number of bands that leaves the bars their least height; at least one plan. */
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
