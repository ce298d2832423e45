import { expect, test } from "bun:test";
import { runsOf, scaleTop } from "../../../../../modes/web/page/charts.js";

test.each([
  [[], []],
  [[null, null], []],
  [[0, 0.5], [{ first: 0, known: [0, 0.5] }]],
  [
    [null, 0.1, 0.2, null, null, 0.3],
    [
      { first: 1, known: [0.1, 0.2] },
      { first: 5, known: [0.3] },
    ],
  ],
])("a line of %j has a gap where a share is not known", (values, runs) => {
  expect(runsOf(values)).toEqual(runs);
});

test("scaleTop() passes over shares that are not known", () => {
  expect(scaleTop([null, 0.3])).toBe(0.5);
  expect(scaleTop([null])).toBe(0.1);
});
