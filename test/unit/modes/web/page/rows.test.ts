import { describe, expect, test } from "bun:test";
import type { NodeView } from "../../../../../cluster/view.ts";
import { recordedNode } from "../../../../web/recorded.ts";

/** The page's own file, as a browser loads it: a script without types for this side. */
interface Rows {
  sortNodes(nodes: readonly NodeView[], order: { key: string; isDescending: boolean }): NodeView[];
  filterNodes(nodes: readonly NodeView[], wanted: { text: string; isOnlyUp: boolean }): NodeView[];
  describeStates(nodes: readonly NodeView[]): string;
  memoryUnit(largest: number): { readonly name: string };
  formatAmount(bytes: number, unit: { readonly name: string }): string;
  formatDuration(seconds: number): string;
}
const PATH = "../../../../../modes/web/page/rows.js";
const rows = (await import(PATH)) as Rows;

const NODES = [
  recordedNode(10, { busy: 0.2, load: 5, cpus: 2, memoryFree: 0, heardUptime: 1 }),
  recordedNode(9, { busy: 0.9, load: 3, cpus: 8, speed: 5, heardUptime: 3 }),
  recordedNode(2, { busy: 1, state: "dead", cpus: 1, address: "192.168.1.200", heardUptime: 2 }),
];
const ids = (nodes: readonly NodeView[]) => nodes.map(({ id }) => id);

describe("sortNodes()", () => {
  test.each([
    ["id", false, [2, 9, 10]],
    ["id", true, [10, 9, 2]],
    ["address", false, [9, 10, 2]],
    ["state", false, [9, 10, 2]],
    ["busy", true, [9, 10, 2]],
    ["load", true, [10, 9, 2]],
    ["memory", true, [10, 9, 2]],
    ["cpus", true, [9, 10, 2]],
    ["speed", false, [9, 2, 10]],
    ["age", false, [9, 2, 10]],
  ])("by %s, descending %p", (key, isDescending, wanted) => {
    expect(ids(rows.sortNodes(NODES, { key, isDescending }))).toEqual(wanted);
  });
});

describe("filterNodes()", () => {
  test.each([
    ["", false, [10, 9, 2]],
    ["", true, [10, 9]],
    ["2", false, [2]],
    ["1", false, [10]],
    ["1 168.", false, [10]],
    ["10", false, [10]],
    ["1.9", false, [9]],
    ["DEAD", false, [2]],
    ["dead .200", false, [2]],
    ["dead 1.9", false, []],
    ["dead", true, []],
  ])("by %j, only up %p", (text, isOnlyUp, wanted) => {
    expect(ids(rows.filterNodes(NODES, { text, isOnlyUp }))).toEqual(wanted);
  });
});

test("amounts read as clumpview writes them", () => {
  expect(rows.describeStates(NODES)).toBe("2 up, 1 dead");
  expect([4, 780, 7_380, 183_600, -5].map(rows.formatDuration)).toEqual([
    "4 s",
    "13 min",
    "2 h 3 min",
    "2 d 3 h",
    "0 s",
  ]);
});

test.each([
  [225 * 2 ** 20, "MB", "225"],
  [2 ** 31 - 1, "MB", "2048"],
  [2 ** 31, "GB", "2.0"],
  [16 * 2 ** 30, "GB", "16.0"],
  [2_000 * 2 ** 30, "GB", "2000"],
])("amounts of up to %d bytes are in %s: %s", (bytes, name, amount) => {
  const unit = rows.memoryUnit(bytes);
  expect(unit.name).toBe(name);
  expect(rows.formatAmount(bytes, unit)).toBe(amount);
});
