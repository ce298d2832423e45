import { expect, test } from "bun:test";
import { parseNodes } from "../../../../modes/serve/nodes.ts";
import type { NodeSeen, Roll } from "../../../../modes/serve/roll.ts";
import { createRollScreen, formatNode, formatRoll } from "../../../../modes/serve/roll-table.ts";

const AT = new Date(2026, 0, 2, 3, 4, 5);
const NODES = parseNodes("52:54:00:12:34:02 hostname=pc2");

function seen(last: number, stage: string): NodeSeen {
  return { mac: `52:54:00:12:34:0${last}`, ip: `10.9.0.${last}`, stage, at: AT };
}
function rollOf(...nodes: readonly NodeSeen[]): Roll {
  return new Map(nodes.map((node) => [node.mac, node]));
}

test("formatNode() is one line", () => {
  expect(formatNode(seen(2, "runs"), "hostname=pc7")).toBe(
    "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname=pc7",
  );
});

test("formatRoll() counts the nodes and has a line for each, cut to the width", () => {
  const roll = rollOf(seen(1, "loads the kernel"), seen(2, "runs"));
  expect(formatRoll(roll, NODES, 79)).toEqual([
    "since     hardware address   address          2 nodes seen             options",
    "03:04:05  52:54:00:12:34:01  10.9.0.1         loads the kernel",
    "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname",
  ]);
});

test("formatRoll() shows no key", () => {
  const lines = formatRoll(rollOf(seen(2, "runs")), parseNodes("* clump.key=sesame"), 199);
  expect(lines[1]).toEndWith("clump.key=***");
});

function record(terminal: object) {
  const written: string[] = [];
  return { written, target: { ...terminal, write: (text: string) => written.push(text) } };
}

test("createRollScreen() writes a line for each step where there is no terminal", () => {
  const { written, target } = record({});
  const screen = createRollScreen(target);
  screen.say("Serving");
  screen.show(seen(2, "runs"), rollOf(seen(2, "runs")), NODES);
  const line = "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname=pc2\n";
  expect(written).toEqual(["Serving\n", line]);
});

test("createRollScreen() draws the table over itself on a terminal, and keeps what is said above it", () => {
  const { written, target } = record({ isTTY: true, columns: 100, rows: 25 });
  const screen = createRollScreen(target);
  screen.show(seen(1, "runs"), rollOf(seen(1, "runs")), NODES);
  screen.show(seen(2, "runs"), rollOf(seen(1, "runs"), seen(2, "runs")), NODES);
  screen.say("Took nodes.conf anew");
  expect(written.map((text) => /^(\x1b\[\dA)?\r\x1b\[J/.exec(text)?.[1])).toEqual([
    undefined,
    "\x1b[2A",
    "\x1b[3A",
  ]);
  expect(written[2]).toMatch(/JTook nodes.conf anew\nsince .*\n.*:01 .*\n.*:02 .*\n$/);
});

test("createRollScreen() draws no more rows than a terminal has", () => {
  const { written, target } = record({ isTTY: true, columns: 100, rows: 4 });
  const roll = rollOf(...[1, 2, 3, 4, 5].map((last) => seen(last, "runs")));
  createRollScreen(target).show(seen(5, "runs"), roll, NODES);
  expect(written[0]!.match(/34:0\d/g)).toEqual(["34:04", "34:05"]);
});
