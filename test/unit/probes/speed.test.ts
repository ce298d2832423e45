import { describe, expect, test } from "bun:test";
import { measureSpeed } from "../../../probes/speed.ts";

/** A processor that takes so long for each piece of 15,000 bytes, and then as long as for the last. */
function machine(...pieces: readonly number[]) {
  let [now, done] = [0, 0];
  const work = () => {
    now += pieces[Math.min(done++, pieces.length - 1)] ?? 0;
    return 15_000;
  };
  return { speed: () => measureSpeed(() => now, work), done: () => done };
}

describe("measureSpeed()", () => {
  test.each<[string, number[], number]>([
    ["the standard processor", [0.1], 10_000],
    ["one twice as fast", [0.05], 20_000],
    ["one that is emulated", [1.5], 670],
    ["one that wakes up and is disturbed", [0.4, 0.1, 0.3], 10_000],
    ["one that is slower than any", [1e6], 1],
    ["a clock that stands still, for its pieces", [0, 30], 10_000],
  ])("judges %s by its fastest piece", (_, pieces, expected) => {
    expect(machine(...pieces).speed()).toBe(expected);
  });

  test.each<[string, number, number]>([
    ["three pieces of a slow one", 500, 3],
    ["25 ms of a fast one", 0.25, 100],
  ])("takes %s", (_, milliseconds, pieces) => {
    const { speed, done } = machine(milliseconds);
    speed();
    expect(done()).toBe(pieces);
  });

  test("has work of its own, which ends", () => {
    expect(measureSpeed(() => performance.now())).toBeGreaterThan(1);
  });
});
