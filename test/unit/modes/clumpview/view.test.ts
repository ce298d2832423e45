import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { view } from "../../../../modes/clumpview/view.ts";
import { CLUSTER, CONFIGURED, STATUSES, stateOf } from "./states.ts";

const SIZES = [
  [80, 25],
  [80, 24],
  [160, 50],
  [40, 12],
] as const;

const CLUSTER_SIZES: [number, number][] = [
  [80, 25],
  [160, 50],
  [40, 12],
];

const CASES = Object.entries(STATUSES).flatMap(([name, status]) =>
  SIZES.map(([width, height]) => ({ name, status, width, height })),
);

describe("view() draws", () => {
  test.each(CASES)("a node that is $name at $width x $height", ({ name, status, width, height }) => {
    const frame = readFileSync(`${import.meta.dir}/frames/${name}-${width}x${height}.txt`, "utf8");
    expect(`${view(stateOf(status), width, height).lines().join("\n")}\n`).toBe(frame);
  });

  test.each(CLUSTER_SIZES)("a cluster at %d x %d", (width, height) => {
    const frame = readFileSync(`${import.meta.dir}/frames/cluster-${width}x${height}.txt`, "utf8");
    const page = view({ ...stateOf(CONFIGURED), cluster: CLUSTER }, width, height);
    expect(`${page.lines().join("\n")}\n`).toBe(frame);
  });

  test("the rest of a cluster once it is scrolled, and never past its end", () => {
    const nodes = Array.from({ length: 200 }, (_, index) => ({ ...CLUSTER.nodes[1]!, id: index + 1 }));
    const at = (scroll: number) =>
      view({ ...stateOf(CONFIGURED), cluster: { ...CLUSTER, nodes }, scroll }, 80, 25).lines();
    expect(at(0).join("\n")).toMatch(/1 to \d+ here/);
    expect(at(100).join("\n")).toContain("101 to ");
    expect(at(10_000)).toEqual(at(199));
    expect(at(199).join("\n")).toContain("to 200 here");
  });

  test("a node that is alone, and what is wrong with the cluster", () => {
    const nodes = CLUSTER.nodes.slice(0, 1);
    const state = {
      ...stateOf(CONFIGURED),
      cluster: { ...CLUSTER, nodes, problems: ["number 5 is claimed"] },
    };
    const text = view(state, 80, 25).lines().join("\n");
    expect(text).toContain("alone so far, open cluster");
    expect(text).toContain("number 5 is claimed");
    expect(text).toContain("100 %");
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
    expect(view(stateOf(STATUSES[name]), 80, 25).lines().join("\n")).toContain(words);
  });

  test("a node that has not reported", () => {
    expect(view(stateOf(undefined), 80, 24).lines().join("\n")).toContain("not configured yet");
  });

  test("something at every size, and never more than fits", () => {
    for (const status of Object.values(STATUSES)) {
      for (let width = 0; width < 100; width += 7) {
        for (let height = 0; height < 40; height++) {
          for (const cluster of [undefined, CLUSTER]) {
            const page = view({ ...stateOf(status), cluster }, width, height);
            expect(page.characters.length).toBe(width * height);
          }
        }
      }
    }
  });

  test("nothing that could steer a terminal", () => {
    const page = view(stateOf(STATUSES["crowded"]), 160, 50);
    expect(page.characters.join("")).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
  });
});
