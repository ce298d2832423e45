import { describe, expect, test } from "bun:test";
import type { NodeView } from "../../../../cluster/view.ts";
import { planBars } from "../../../../modes/clumpview/bar-plan.ts";
import { drawBars } from "../../../../modes/clumpview/bars.ts";
import { FIRST_CHOICE } from "../../../../modes/clumpview/choice.ts";
import { MEASURES, roundTop } from "../../../../modes/figures/measures.ts";
import { Canvas, COLOUR } from "../../../../modes/terminal/canvas.ts";
import { CLUSTER } from "./states.ts";

describe("planBars()", () => {
  test.each([
    [5, 72, 16, "auto", { style: "wide", bands: 1, cell: 8 }],
    [20, 72, 16, "auto", { style: "wide", bands: 2, cell: 7 }],
    [30, 72, 12, "auto", { style: "vertical", bands: 1, cell: 2 }],
    [254, 72, 16, "auto", { style: "tight", bands: 4, cell: 1 }],
    [254, 150, 40, "auto", { style: "vertical", bands: 4, cell: 2 }],
    [254, 72, 16, "wide", { style: "wide", bands: 2, cell: 4 }],
    [254, 72, 16, "vertical", { style: "vertical", bands: 1, cell: 2 }],
    [3, 72, 16, "tight", { style: "tight", bands: 1, cell: 8 }],
    [0, 0, 0, "auto", { bands: 1, perBand: 1 }],
  ] as const)("shows %d nodes in %d columns and %d lines, %s", (count, width, height, labels, wanted) => {
    expect(planBars({ count, digits: 3 }, labels, { width, height })).toMatchObject(wanted);
  });

  test("never gives bands that do not fit, and has room for all where there is any", () => {
    for (let count = 1; count < 2_000; count += 37) {
      for (let height = 3; height < 60; height += 5) {
        const {
          bands,
          perBand,
          cell,
          height: lines,
        } = planBars({ count, digits: 4 }, "auto", { width: 100, height });
        expect(bands * lines).toBeLessThanOrEqual(height);
        expect(perBand * cell).toBeLessThanOrEqual(100);
        if (count <= 100 * Math.floor(height / 3)) expect(bands * perBand).toBeGreaterThanOrEqual(count);
      }
    }
  });
});

const NODES = (
  [
    ["up", 0.5],
    ["up", 1],
    ["dead", 1],
  ] as const
).map(
  ([state, share], index): NodeView => ({
    ...CLUSTER.nodes[1]!,
    id: index + 1,
    address: `10.0.0.${index + 1}`,
    state,
    load: share,
    busy: share,
    memoryTotal: 100 * 2 ** 20,
    memoryFree: (1 - share) * 100 * 2 ** 20,
  }),
);

function draw(choice: Partial<typeof FIRST_CHOICE>, { width = 16, height = 5 } = {}): Canvas {
  const canvas = new Canvas(width, height);
  const box = { x: 0, y: 0, width, height };
  drawBars(canvas, box, { nodes: NODES, choice: { ...FIRST_CHOICE, labels: "wide", ...choice } });
  return canvas;
}

describe("drawBars()", () => {
  test("draws the load of each node against the highest, and marks who is dead", () => {
    const lines = [" 1.00    ██", "         ██", "      ██ ██", " 0.00 ██ ██ xx", "      1  2  3"];
    expect(draw({}).lines()).toEqual(lines);
  });

  test("draws memory below all there is of it", () => {
    expect(draw({ measure: "memory" }).lines().slice(0, 4)).toEqual([
      "  100 ░░ ██",
      "      ░░ ██",
      "      ██ ██",
      "    0 ██ ██ xx",
    ]);
  });

  test("shows the marked node without colours too", () => {
    expect(draw({ selected: "10.0.0.1" }).lines()[0]).toBe(" 1.00 ││ ██");
  });

  test("colours by how busy a node is", () => {
    const canvas = draw({});
    expect(canvas.colours[3 * 16 + 6]).toBe(COLOUR.green);
    expect(canvas.colours[3 * 16 + 9]).toBe(COLOUR.rose);
  });

  test("puts the digits of a number below each other where asked to", () => {
    const canvas = new Canvas(8, 9);
    const nodes = [{ ...NODES[1]!, id: 107 }];
    drawBars(
      canvas,
      { x: 0, y: 0, width: 8, height: 9 },
      { nodes, choice: { ...FIRST_CHOICE, labels: "vertical" } },
    );
    expect(canvas.lines().slice(6)).toEqual(["      1", "      0", "      7"]);
  });
});

test.each([
  [0, 0.5],
  [0.5, 0.5],
  [0.51, 1],
  [1.2, 2],
  [2.01, 5],
  [7, 10],
  [1_234, 2_000],
])("roundTop() of the load %d is %d", (highest, top) => {
  expect(roundTop(highest, MEASURES.load)).toBeCloseTo(top, 9);
});

test("roundTop() of memory is round in megabytes", () => {
  expect(roundTop(900 * 2 ** 20, MEASURES.memory)).toBe(1_000 * 2 ** 20);
});
