import { expect, test } from "bun:test";
import type { BootLog, SeenNode } from "../../../../modes/serve/boot-log.ts";
import { BootLogScreen, formatBootLog, formatNode } from "../../../../modes/serve/boot-log-screen.ts";
import { parseNodes } from "../../../../modes/serve/nodes.ts";

const XTERM = { TERM: "xterm" };
const AT = new Date(2026, 0, 2, 3, 4, 5);
const NODES = parseNodes("52:54:00:12:34:02 hostname=pc2");

function seen(last: number, stage: string): SeenNode {
  return { mac: `52:54:00:12:34:0${last}`, ip: `10.9.0.${last}`, stage, at: AT };
}
function bootLogOf(...nodes: readonly SeenNode[]): BootLog {
  return new Map(nodes.map((node) => [node.mac, node]));
}

test("formatNode() is one line", () => {
  expect(formatNode(seen(2, "runs"), "hostname=pc7")).toBe(
    "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname=pc7",
  );
});

test("formatBootLog() counts the nodes and has a line for each, cut to the width", () => {
  const log = bootLogOf(seen(1, "loads the kernel"), seen(2, "runs"));
  expect(formatBootLog(log, NODES, 79)).toEqual([
    "since     hardware address   address          2 nodes seen             options",
    "03:04:05  52:54:00:12:34:01  10.9.0.1         loads the kernel",
    "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname",
  ]);
});

test("formatBootLog() shows no key", () => {
  const lines = formatBootLog(bootLogOf(seen(2, "runs")), parseNodes("* clump.key=sesame"), 199);
  expect(lines[1]).toEndWith("clump.key=***");
});

function record(terminal: object) {
  const written: string[] = [];
  return { written, target: { ...terminal, write: (text: string) => written.push(text) } };
}

test.each([
  ["there is no terminal", {}, XTERM],
  ["it is a dumb one", { isTTY: true, columns: 100, rows: 25 }, { TERM: "dumb" }],
])("BootLogScreen writes a line for each stage where %s", (_, terminal, environment) => {
  const { written, target } = record(terminal);
  const screen = new BootLogScreen(target, environment);
  screen.say("Serving");
  screen.show(seen(2, "runs"), bootLogOf(seen(2, "runs")), NODES);
  const line = "03:04:05  52:54:00:12:34:02  10.9.0.2         runs                     hostname=pc2\n";
  expect(written).toEqual(["Serving\n", line]);
});

test("BootLogScreen draws the table over itself on a terminal, and keeps what is said above it", () => {
  const { written, target } = record({ isTTY: true, columns: 100, rows: 25 });
  const screen = new BootLogScreen(target, XTERM);
  screen.show(seen(1, "runs"), bootLogOf(seen(1, "runs")), NODES);
  screen.show(seen(2, "runs"), bootLogOf(seen(1, "runs"), seen(2, "runs")), NODES);
  screen.say("Took nodes.conf anew");
  expect(written.map((text) => /^(\x1b\[\dA)?\r\x1b\[J/.exec(text)?.[1])).toEqual([
    undefined,
    "\x1b[2A",
    "\x1b[3A",
  ]);
  expect(written[2]).toMatch(/JTook nodes.conf anew\nsince .*\n.*:01 .*\n.*:02 .*\n$/);
});

test("BootLogScreen draws no more rows than a terminal has", () => {
  const { written, target } = record({ isTTY: true, columns: 100, rows: 4 });
  const log = bootLogOf(...[1, 2, 3, 4, 5].map((last) => seen(last, "runs")));
  new BootLogScreen(target, XTERM).show(seen(5, "runs"), log, NODES);
  expect(written[0]!.match(/34:0\d/g)).toEqual(["34:04", "34:05"]);
});
