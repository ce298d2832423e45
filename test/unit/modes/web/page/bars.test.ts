import { describe, expect, test } from "bun:test";
import type { NodeView } from "../../../../../cluster/view.ts";
import { recordedNode } from "../../../../web/recorded.ts";

/** The page's own file, as a browser loads it: a script without types for this side. */
interface Bars {
  planBars(count: number, width: number): { bands: number; perBand: number; step: number };
  labelled(nodes: readonly NodeView[], step: number): number[];
  barAt(point: { x: number; y: number; width: number; count: number }): number;
}
const PATH = "../../../../../modes/web/page/bars.js";
const bars = (await import(PATH)) as Bars;

describe("planBars()", () => {
  test.each([
    ["few bars side by side, no wider than 40 pixels", 4, 1_040, { bands: 1, perBand: 4, step: 40 }],
    ["254 in one row on a desk", 254, 1_056, { bands: 1, perBand: 254, step: 4 }],
    ["254 in three rows on a telephone", 254, 340, { bands: 3, perBand: 85, step: 300 / 85 }],
    ["thousands in four rows", 4_096, 340, { bands: 4, perBand: 1_024, step: 300 / 1_024 }],
    ["none", 0, 340, { bands: 1, perBand: 1, step: 40 }],
    ["no width", 9, 0, { bands: 4, perBand: 3, step: 1 / 3 }],
  ])("places %s", (_, count, width, plan) => {
    expect(bars.planBars(count, width)).toEqual(plan);
  });
});

describe("labelled()", () => {
  const nodes = (...ids: readonly number[]) => ids.map((id) => recordedNode(id));
  const numbers = (shown: readonly NodeView[], step: number) =>
    bars.labelled(shown, step).map((index) => shown[index]!.id);

  test("names the own node first, then round numbers that leave it room", () => {
    const shown = nodes(...Array.from({ length: 40 }, (_, index) => index + 1));
    expect(numbers(shown, 4)).toEqual([7, 20, 30, 40]);
    expect(numbers(shown, 40)).toEqual([7, ...shown.map(({ id }) => id).filter((id) => id !== 7)]);
  });

  test("never puts one number over another where numbers are missing", () => {
    expect(numbers(nodes(10, 20, 30, 40, 50, 60, 70, 80, 90), 10)).toEqual([10, 40, 70]);
  });
});

describe("barAt()", () => {
  test.each([
    ["the first bar", { x: 41, y: 20 }, 0],
    ["the last of the first row", { x: 339, y: 20 }, 84],
    ["the first of the second row", { x: 41, y: 90 }, 85],
    ["the last", { x: 40 + 83.5 * (300 / 85), y: 170 }, 253],
    ["the gap behind it", { x: 339, y: 170 }, -1],
    ["the scale", { x: 10, y: 20 }, -1],
    ["below all", { x: 41, y: 2_000 }, -1],
  ])("finds %s", (_, point, index) => {
    expect(bars.barAt({ ...point, width: 340, count: 254 })).toBe(index);
  });
});
