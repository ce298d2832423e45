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

  test.each([132, 100, 80, 60, 40])(
    "the key to the other pages, %d columns wide, whatever else is there",
    (width) => {
      const notice = { text: "VNC to look on password abcd2345", colour: 3 };
      const state = { ...demoState(20), leaving: "[ESC] shut this node down", opensShells: true };
      const footerOf = (shown: typeof state) => textOf(shown, width, 25).split("\n").at(-1);
      for (const shown of [state, { ...state, notice }])
        expect(footerOf(shown)).toStartWith(" [ESC] shut this node down  ");
      for (const shown of [state, { ...state, notice }]) expect(footerOf(shown)).toContain("[Tab]");
      if (width === 80)
        expect(footerOf({ ...state, notice: { text: "VNC password abcd2345", colour: 3 } })).toMatch(
          / \[h\] help +\[s\] shell +VNC password abcd2345$/,
        );
    },
  );

  test("why a key did nothing, in the place of the keys", () => {
    const footer = textOf({ ...demoState(20), hint: "[x] does nothing here" })
      .split("\n")
      .at(-1);
    expect(footer).toBe(" [x] does nothing here");
  });

  test.each([
    [1, 80, 25],
    [20, 80, 25],
    [20, 132, 43],
    [20, 60, 12],
  ])(
    "the address of the web view with the password that the node made: %d nodes, %d x %d",
    (nodes, width, height) => {
      const state = demoState(nodes);
      const status = { ...state.status!, address: "10.0.0.7", web: { port: 8080, isOpen: false } };
      const notice = { text: "VNC password abcd2345", colour: 3, password: "abcd2345" };
      expect(textOf({ ...state, status, notice }, width, height)).toContain(
        "http://10.0.0.7:8080/  password abcd2345",
      );
      expect(textOf({ ...state, status }, width, height)).not.toContain("abcd2345");
    },
  );

  test("no password of VNC on a node without a NIC", () => {
    const notice = { text: "VNC password abcd2345", colour: 3 };
    expect(textOf({ ...stateOf(STATUSES["no-nic"]), notice })).not.toContain("abcd2345");
    expect(textOf({ ...stateOf(STATUSES["waiting"]), notice })).toContain("abcd2345");
  });

  test("all facts on some page, and the key that leads there", () => {
    const warnings = Array.from(
      { length: 3 },
      (_, n) => `Cannot use clump.wrong${n}=${"x".repeat(60)}: ignoring`,
    );
    const problems = Array.from({ length: 6 }, (_, n) => `problem number ${n}`);
    const page = (factsPage: number) =>
      textOf({ ...stateOf({ ...CONFIGURED, warnings, problems }), choice: { ...FIRST_CHOICE, factsPage } });
    expect(page(0)).toMatch(/\d+ more lines: \[PgDn\]/);
    const all = [page(0), page(1), page(-1)].join("\n");
    for (const each of [...problems, "clump.wrong0", "clump.wrong1", "clump.wrong2"])
      expect(all).toContain(each);
  });

  test("that a node is not configured yet, large", () => {
    const big = (status: typeof CONFIGURED | undefined) =>
      textOf(stateOf(status)).split("\n").slice(4, 8).join("\n");
    expect(big(STATUSES["waiting"])).toBe(big(undefined));
    expect(big(CONFIGURED)).not.toBe(big(undefined));
    expect(big(STATUSES["waiting"])).toMatch(/[█▀▄]/);
  });

  test("the graph of each node with its scale beside it", () => {
    const choice = { ...FIRST_CHOICE, page: "table" as const };
    const lines = textOf({ ...stateOf(CONFIGURED), cluster: CLUSTER, choice }, 132, 43).split("\n");
    const at = lines.findIndex((line) => line.includes("77*"));
    expect(lines[at]).toMatch(/ up +100 % /);
    expect(lines[at + 1]).toMatch(/^ +0 % /);
    expect(lines[at + 2]?.trim()).toBe("");
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

  test.each([54, 55, 56, 80, 104, 108, 111, 112, 132, 160])(
    "every meaning whole, %d columns wide",
    (width) => {
      const help = { ...demoState(20), choice: { ...FIRST_CHOICE, over: "help" } } as const;
      const meanings = textOf(help, 200, 50)
        .split(/\n| {2,}/)
        .filter((part) => part.includes(" "));
      const whole = textOf(help, width, 50);
      if (whole.includes("the keys, 1 of")) return;
      expect(meanings.filter((meaning) => !whole.includes(meaning))).toEqual([]);
      expect(whole).not.toMatch(/else this one \S/);
    },
  );

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
