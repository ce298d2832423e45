import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLack, Members } from "../../../../cluster/jobs/members.ts";
import type { NodeView } from "../../../../cluster/view.ts";
import { writeView } from "../../../../cluster/view.ts";
import { uptime } from "../../../../system/uptime.ts";
import { NODE } from "../nodes.ts";

const node = (id: number, more: Partial<NodeView> = {}): NodeView => ({
  ...{ ...NODE, id, address: `10.0.0.${id}`, heardUptime: uptime() },
  ...more,
});

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "members-"));
  mkdirSync(join(root, "run/clump"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function see(nodes: readonly unknown[]): void {
  writeView(root, JSON.stringify({ isOpen: true, discovery: "map", nodes, problems: [], drops: {} }));
}

test("nodes are found by number and by address, and the newest view counts", () => {
  const members = new Members(root);
  expect(() => members.find("2")).toThrow("this node takes part in no cluster yet");
  see([node(1, { isSelf: true }), node(2, { aliases: ["10.9.9.9"] })]);
  expect(members.own?.id).toBe(1);
  expect(members.find("2").id).toBe(2);
  expect(members.find(members.find("2").address).id).toBe(2);
  expect(members.at("10.9.9.9")?.id).toBe(2);
  see([node(1, { isSelf: true }), node(2, { state: "dead" })]);
  expect(members.conditionOf("10.0.0.2")).toBe("dead");
});

test.each([
  ["2", /^node 2 is dead$/],
  ["3", /^node 3 is gone: it has left the cluster$/],
  ["4", /^node #4 is claimed by 10\.0\.0\.41 and 10\.0\.0\.42$/],
  ["9", /^Node #9 is not configured$/],
  ["0", /^Node #0 is not configured$/],
  ["two", /^"two" is no node: a node number, an address or home was wanted$/],
  ["10.0.0.99", /^Node #10\.0\.0\.99 is not configured$/],
])("a process cannot go to %s", (word, message) => {
  see([
    node(1, { isSelf: true }),
    node(2, { state: "dead" }),
    node(3, { state: "left" }),
    node(4, { address: "10.0.0.41" }),
    node(4, { address: "10.0.0.42" }),
  ]);
  expect(() => new Members(root).find(word)).toThrow(message);
});

test("a process cannot go anywhere while clumpd is stopped, and the words say so", () => {
  see([node(1, { isSelf: true, heardUptime: uptime() - 60 }), node(2)]);
  expect(() => new Members(root).find("2")).toThrow(/^clumpd has been silent for/);
});

test("hosts are the other nodes that take guests, the one with the most free memory first", () => {
  const members = new Members(root);
  expect(members.hosts).toEqual([]);
  see([
    node(1, { isSelf: true, memoryFree: 9 }),
    node(2, { memoryFree: 1 }),
    node(3, { memoryFree: 3 }),
    node(4, { memoryFree: 4, status: 3 | 16 }),
    node(5, { memoryFree: 5, state: "dead" }),
  ]);
  expect(members.hosts.map(({ id }) => id)).toEqual([3, 2]);
});

test.each([
  [2 ** 20, 2 ** 20, undefined],
  [3 * 2 ** 20, 2 ** 20, "it has 3 MB in memory, and node 2 has 1 MB free"],
  [2 ** 20, Number.NaN, undefined],
])("findLack() of %d bytes, where %d are free, is %p", (memory, memoryFree, lack) => {
  expect(findLack(memory, node(2, { memoryFree }))).toBe(lack);
});
