import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { view } from "../../../../modes/clumpview/view.ts";
import { STATUSES, stateOf } from "./states.ts";

const SIZES = [
  [80, 25],
  [80, 24],
  [160, 50],
  [40, 12],
] as const;

const CASES = Object.entries(STATUSES).flatMap(([name, status]) =>
  SIZES.map(([width, height]) => ({ name, status, width, height })),
);

describe("view() draws", () => {
  test.each(CASES)("a node that is $name at $width x $height", ({ name, status, width, height }) => {
    const frame = readFileSync(`${import.meta.dir}/frames/${name}-${width}x${height}.txt`, "utf8");
    expect(`${view(stateOf(status), width, height).lines().join("\n")}\n`).toBe(frame);
  });

  test.each([
    ["waiting", "not configured yet"],
    ["waiting", "SELECTING, link up, no answer for 22 s"],
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
          const page = view(stateOf(status), width, height);
          expect(page.characters.length).toBe(width * height);
        }
      }
    }
  });

  test("nothing that could steer a terminal", () => {
    const page = view(stateOf(STATUSES["crowded"]), 160, 50);
    expect(page.characters.join("")).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
  });
});
