import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { viewAsOf } from "../../../../cluster/view-age.ts";
import { FIRST_CHOICE } from "../../../../modes/clumpview/choice.ts";
import { view } from "../../../../modes/clumpview/view.ts";
import { FRAMES } from "./frames.ts";
import { CLUSTER, CONFIGURED, demoState, STATUSES, stateOf } from "./states.ts";

function textOf(state: Parameters<typeof view>[0], width = 80, height = 25): string {
  return view(state, width, height).lines().join("\n");
}

describe("view() draws", () => {
  test.each(FRAMES)("$name at $width x $height", ({ name, state, width, height }) => {
    const frame = readFileSync(`${import.meta.dir}/frames/${name}-${width}x${height}.txt`, "utf8");
    expect(`${textOf(state(), width, height)}\n`).toBe(frame);
  });

  test.each([
    ["waiting", "not configured yet"],
    ["waiting", "link up, no answer to DHCP for 22 s"],
    ["no-nic", "no ethernet devices configured"],
    ["no-nic", "no driver for 10ec:8168 in this image"],
    ["configured", "192.168.1.77/24"],
    ["configured", "from 192.168.1.1, 59 min 1 s left, BOUND"],
    ["configured", "[ESC] shut this node down"],
  ])("what a node that is %s must say: %s", (name, words) => {
    expect(textOf(stateOf(STATUSES[name]))).toContain(words);
  });

  test("a node that is alone, and what is wrong with the cluster", () => {
    const nodes = CLUSTER.nodes.slice(0, 1);
    const cluster = { ...CLUSTER, nodes, problems: ["number 5 is claimed"] };
    const text = textOf({ ...stateOf(CONFIGURED), cluster });
    expect(text).toContain("alone so far, open cluster");
    expect(text).toContain("number 5 is claimed");
    expect(text).toContain("100 %");
  });

  test("whether the speed of this node is certain", () => {
    const cluster = { ...CLUSTER, isSpeedKnown: false };
    const page = (selected: string) =>
      textOf({ ...stateOf(CONFIGURED), cluster, choice: { ...FIRST_CHOICE, over: "detail", selected } });
    expect(page("192.168.1.77")).toContain("a standard processor, not certain yet");
    expect(page("192.168.1.78")).not.toContain("not certain");
  });

  test("what is wrong above the footer of the other nodes", () => {
    const cluster = { ...CLUSTER, problems: ["number 5 is claimed", "a second one"] };
    expect(textOf({ ...stateOf(CONFIGURED), cluster })).toContain("number 5 is claimed, and 1 more");
  });

  test.each([
    [40, 10],
    [40, 12],
    [30, 8],
    [20, 5],
    [80, 10],
    [132, 9],
  ])("every key and its meaning on some page of help, at %d x %d", (width, height) => {
    const all = textOf({ ...demoState(20), choice: { ...FIRST_CHOICE, over: "help" } }, 160, 50);
    const words = all.split("\n").slice(2, 20).join(" ").split(/\s+/).filter(Boolean);
    expect(words.length).toBeGreaterThan(50);
    const pages = Array.from({ length: 40 }, (_, helpPage) =>
      textOf({ ...demoState(20), choice: { ...FIRST_CHOICE, over: "help", helpPage } }, width, height),
    );
    expect(pages[0]).toMatch(/^ {2}the keys, 1 of \d+/);
    const seen = new Set(pages.join(" ").split(/\s+/));
    expect(words.filter((word) => !seen.has(word))).toEqual([]);
  });

  test("the pages of help in a circle", () => {
    const page = (helpPage: number) =>
      textOf({ ...demoState(20), choice: { ...FIRST_CHOICE, over: "help", helpPage } }, 40, 10);
    const last = Number(/ 1 of (\d+)/.exec(page(0))?.[1]);
    expect(page(last)).toBe(page(0));
    expect(page(-1)).toContain(` ${last} of ${last}`);
  });

  test("what ESC does while a filter is in force", () => {
    const filtered = { ...demoState(20), choice: { ...FIRST_CHOICE, filter: "dead" } };
    expect(textOf(filtered)).toContain("[ESC] drop the filter");
    const own = { ...filtered, choice: { ...filtered.choice, page: "node" as const } };
    expect(textOf(own)).toContain(own.leaving);
  });

  test("memory in one unit for a whole column", () => {
    const text = textOf({ ...demoState(20), choice: { ...FIRST_CHOICE, page: "table" } }, 132, 43);
    expect(text).toContain("of 16.0 GB");
    expect(text).not.toContain("MB");
  });

  test("that what it shows of the others is old", () => {
    const text = textOf({ ...stateOf(CONFIGURED), cluster: viewAsOf(CLUSTER, 93) });
    expect(text).toContain("6 nodes, 4 silent, 1 dead, 1 left");
    expect(text).toContain("clumpd has been silent for 30 s");
    const alone = { ...CLUSTER, nodes: CLUSTER.nodes.slice(0, 1) };
    const own = textOf({ ...stateOf(CONFIGURED), cluster: viewAsOf(alone, 93) });
    expect(own).toContain("clumpd has been silent for 30 s");
    expect(own).not.toContain("alone so far");
  });

  test.each([80, 40])("who may look in, %p columns wide, before all keys but the one to leave", (width) => {
    const notice = { text: "VNC password abcd2345", colour: 3 };
    const footer = textOf({ ...demoState(100), leaving: "[ESC] end", notice }, width, 25)
      .split("\n")
      .at(-1);
    expect(footer).toStartWith(" [ESC] end ");
    expect(footer).toEndWith(" VNC password abcd2345");
  });

  test("a node that has not reported", () => {
    expect(textOf(stateOf(undefined))).toContain("not configured yet");
  });

  test("a node without an address before all others, because it has to say why", () => {
    const state = { ...stateOf(STATUSES["waiting"]), cluster: CLUSTER };
    expect(textOf(state)).toContain("link up, no answer to DHCP");
  });

  test("the screen that has the marked node, the last one full", () => {
    const at = (selected: string) =>
      textOf({ ...demoState(100), choice: { ...FIRST_CHOICE, page: "table", selected } });
    expect(at("10.0.0.1")).toMatch(/1 to (\d+) of 100/);
    expect(at("10.0.0.50")).toMatch(/>50 +10\.0\.0\.50 /);
    expect(at("10.0.0.100")).toContain("to 100 of 100");
  });

  test("which of the nodes are shown where not all bars fit", () => {
    const choice = { ...FIRST_CHOICE, page: "bars", labels: "wide", selected: "10.0.0.100" } as const;
    const lines = view({ ...demoState(100), choice: { ...choice, selected: undefined } }, 80, 25).lines();
    expect(lines.join("\n")).toMatch(/1 to \d+ of 100, load/);
    expect(textOf({ ...demoState(100), choice })).toContain("node 100  10.0.0.100  ");
    expect(textOf({ ...demoState(100), choice })).toMatch(/ 99 +100$/m);
  });

  test("numbers of five digits whole, the own one with its mark", () => {
    const nodes = CLUSTER.nodes.map((node) => ({ ...node, id: node.id + 65_000 }));
    const state = { ...stateOf(CONFIGURED), cluster: { ...CLUSTER, nodes } };
    const lines = view(state, 80, 25).lines();
    expect(lines.find((line) => line.includes("192.168.1.77 "))).toMatch(/^ +65077\* 192\.168\.1\.77 +up/);
    expect(lines.find((line) => line.includes("192.168.1.220"))).toMatch(
      /^ +65220 +192\.168\.1\.220 +silent/,
    );
  });

  test("something at every size, and never more than fits", () => {
    const choices = [
      FIRST_CHOICE,
      { ...FIRST_CHOICE, page: "bars", labels: "vertical", measure: "memory" },
      { ...FIRST_CHOICE, over: "detail", selected: "192.168.1.78" },
      { ...FIRST_CHOICE, over: "help" },
      { ...FIRST_CHOICE, filter: "nobody", isTyping: true },
    ] as const;
    const states = choices.map((choice) => ({
      ...stateOf(CONFIGURED),
      cluster: CLUSTER,
      choice,
      countdown: 5,
    }));
    states.push(...Object.values(STATUSES).map((status) => ({ ...states[0]!, status })));
    for (const state of states) {
      for (let width = 0; width < 170; width += 9) {
        for (let height = 0; height < 52; height += 3) {
          expect(view(state, width, height).codes.length).toBe(width * height);
        }
      }
    }
  });

  test("nothing that could steer a terminal", () => {
    expect(view(stateOf(STATUSES["crowded"]), 160, 50).lines().join("")).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
  });
});
