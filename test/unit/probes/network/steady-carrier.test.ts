import { describe, expect, test } from "bun:test";
import { STEADY_MILLISECONDS, SteadyCarriers } from "../../../../probes/network/steady-carrier.ts";

const link = (carrier: boolean) => ({ index: 2, name: "eth0", carrier });

/** Shows one link as it is at these times, and gives whether its carrier counted. */
function watch(...seen: readonly [now: number, carrier: boolean][]) {
  const carriers = new SteadyCarriers();
  const counted = seen.map(([now, carrier]) => {
    const { carrier: counts } = carriers.see(link(carrier), now);
    return counts;
  });
  return { carriers, counted };
}

const report = (carriers: SteadyCarriers, now: number) => carriers.report([link(true)], now);

describe("a carrier", () => {
  test.each<[string, [number, boolean][], boolean[]]>([
    ["counts where it is there at first", [[0, true]], [true]],
    [
      "counts at once where it comes once",
      [
        [0, false],
        [10, true],
      ],
      [false, true],
    ],
    [
      "is lost at once",
      [
        [0, true],
        [10, false],
      ],
      [true, false],
    ],
    [
      "counts at once after a second without one",
      [
        [0, true],
        [10, false],
        [1_010, true],
      ],
      [true, false, true],
    ],
    [
      "does not count at once after less",
      [
        [0, true],
        [10, false],
        [1_009, true],
      ],
      [true, false, false],
    ],
    [
      "counts once it has lasted",
      [
        [0, true],
        [10, false],
        [20, true],
        [1_020, true],
      ],
      [true, false, false, true],
    ],
    [
      "begins anew with each loss",
      [
        [0, true],
        [10, false],
        [20, true],
        [900, false],
        [910, true],
        [1_900, true],
      ],
      [true, false, false, false, false, false],
    ],
  ])("%s", (_, seen, wanted) => {
    expect(watch(...seen).counted).toEqual(wanted);
  });

  test("that came and went is told of once, when it is steady", () => {
    const seen = Array.from({ length: 500 }, (__, at) => [at * 32, at % 2 === 1] as [number, boolean]);
    const { carriers, counted } = watch([-5_000, true], ...seen);
    expect(counted.filter(Boolean)).toHaveLength(1);
    const end = 499 * 32;
    expect([carriers.wait(end), report(carriers, end)]).toEqual([STEADY_MILLISECONDS, []]);
    expect(report(carriers, end + STEADY_MILLISECONDS)).toEqual([
      "eth0: its carrier changed 500 times in 16.0 s, and is steady now",
    ]);
    expect(carriers.see(link(true), end + STEADY_MILLISECONDS).carrier).toBe(true);
    expect(report(carriers, end + STEADY_MILLISECONDS)).toEqual([]);
    expect(carriers.wait(end + STEADY_MILLISECONDS)).toBeUndefined();
  });

  test("that went and came is not told of, nor waited for but for its return", () => {
    const { carriers } = watch([0, true], [10, false]);
    expect(carriers.wait(10)).toBeUndefined();
    carriers.see(link(true), 20);
    expect(carriers.wait(20)).toBe(STEADY_MILLISECONDS);
    expect(report(carriers, 1_020)).toEqual([]);
  });

  test("of a link that is gone is forgotten", () => {
    const { carriers } = watch([0, true], [10, false], [20, true]);
    carriers.keep([]);
    expect([carriers.wait(20), carriers.see(link(true), 20).carrier]).toEqual([undefined, true]);
  });
});
