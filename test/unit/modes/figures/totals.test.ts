import { expect, test } from "bun:test";
import { memoryShare, sumNodes } from "../../../../modes/figures/totals.ts";
import { recordedNode } from "../../../web/recorded.ts";

test("sumNodes() adds the living up, and weighs how busy they are by their processors", () => {
  const totals = sumNodes([
    recordedNode(1, { busy: 1, cpus: 1, load: 1, memoryFree: 10, memoryTotal: 40 }),
    recordedNode(2, { busy: 0.5, cpus: 3, load: 3, memoryFree: 20, memoryTotal: 60, state: "suspect" }),
    recordedNode(3, { busy: 1, cpus: 64, load: 9.99, memoryFree: 1, memoryTotal: 1, state: "dead" }),
  ]);
  expect(totals).toEqual({ cpus: 4, busy: 0.625, load: 2, memoryUsed: 70, memoryTotal: 100 });
  expect(memoryShare(totals)).toBe(0.7);
});

test("sumNodes() of nobody is nothing", () => {
  const totals = sumNodes([]);
  expect(totals).toEqual({ cpus: 0, busy: 0, load: 0, memoryUsed: 0, memoryTotal: 0 });
  expect(memoryShare(totals)).toBe(0);
});
