import { expect, test } from "bun:test";
import { memoryShare, totalsOf } from "../../../../modes/web/totals.ts";
import { recordedNode } from "../../../web/recorded.ts";

test("totalsOf() adds the living up, and weighs how busy they are by their processors", () => {
  const nodes = [
    recordedNode(1, { busy: 1, cpus: 1, memoryFree: 10, memoryTotal: 40 }),
    recordedNode(2, { busy: 0.5, cpus: 3, memoryFree: 20, memoryTotal: 60, state: "suspect" }),
    recordedNode(3, { busy: 1, cpus: 64, memoryFree: 1, memoryTotal: 1, state: "dead" }),
  ];
  const totals = totalsOf(nodes);
  expect(totals).toEqual({ alive: 2, cpus: 4, busy: 0.625, memoryFree: 30, memoryTotal: 100 });
  expect(memoryShare(totals)).toBeCloseTo(0.7);
});

test("totalsOf() of nobody is nothing", () => {
  const totals = totalsOf([]);
  expect(totals).toEqual({ alive: 0, cpus: 0, busy: 0, memoryFree: 0, memoryTotal: 0 });
  expect(memoryShare(totals)).toBe(0);
});
