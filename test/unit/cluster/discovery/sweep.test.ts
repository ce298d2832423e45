import { describe, expect, test } from "bun:test";
import { Sweep } from "../../../../cluster/discovery/sweep.ts";
import type { MapEntry } from "../../../../cluster/map/map.ts";

const MAP: readonly MapEntry[] = [
  { base: 1, address: 1_000, count: 100 },
  { base: 1, address: 7, count: 0 },
  { base: 101, address: 5_000, count: 10 },
];
const create = () => new Sweep(() => 0.999);

describe("a lone node", () => {
  test("tries those around it first, on both sides and over the ends of a range, and each in its turn", () => {
    const sweep = create();
    const alone = { own: 1_098, alive: 1 };
    expect(sweep.next(MAP, alone).slice(0, 6)).toEqual([1_099, 1_097, 5_000, 1_096, 5_001, 1_095]);
    const fresh = create();
    const tried = new Set(Array.from({ length: 110 / 16 + 1 }, () => fresh.next(MAP, alone)).flat());
    const all = MAP.flatMap(({ address, count }) =>
      Array.from({ length: count }, (_, index) => address + index),
    );
    expect([...tried].sort((a, b) => a - b)).toEqual(all);
  });

  test("asks less often the longer it stays alone, and never ceases", () => {
    const sweep = create();
    const counts = Array.from({ length: 900 }, () => sweep.next(MAP, { own: 1_000, alive: 1 }).length);
    expect([counts[0], counts[9], counts[899]]).toEqual([16, 8, 1]);
    sweep.next(MAP, { own: 1_000, alive: 2 });
    expect(sweep.next(MAP, { own: 1_000, alive: 1 })).toHaveLength(16);
  });

  test("whose address is not in the map begins at its first, and one without a map tries none", () => {
    expect(create().next(MAP, { own: 1, alive: 1 })[0]).toBe(1_001);
    expect(create().next([], { own: 1, alive: 1 })).toEqual([]);
    expect(create().next([{ base: 1, address: 1_000, count: 1 }], { own: 1_000, alive: 1 })).toEqual([1_000]);
  });
});

describe("of nodes that know each other", () => {
  test.each([
    [2, 16],
    [5, 6],
    [16, 2],
    [33, 0],
    [10_000, 0],
  ])("where there are %d, each tries %d addresses in a second or one more", (alive, tries) => {
    const count = (random: number) => new Sweep(() => random).next(MAP, { own: 1_000, alive }).length;
    expect(count(0.999)).toBe(tries);
    expect(count(0)).toBe(tries + Number(32 % alive !== 0));
  });

  test("each tries those around it, and any, in turn", () => {
    const tried = create().next(MAP, { own: 1_050, alive: 4 });
    expect(tried).toEqual([1_051, 5_009, 1_049, 5_009, 1_052, 5_009, 1_048, 5_009]);
  });
});
