import { expect, test } from "bun:test";

type Shares = readonly (number | null)[];

/** The page's own file, as a browser loads it: a script without types for this side. */
interface Charts {
  runsOf(values: Shares): { readonly first: number; readonly known: readonly number[] }[];
  scaleTop(values: Shares): number;
}

const path = `${import.meta.dir}/../../../../../modes/web/page/charts.js`;
const { runsOf, scaleTop }: Charts = await import(path);

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
