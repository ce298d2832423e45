import { describe, expect, test } from "bun:test";
import { findSpeed } from "../../../probes/speed-finder.ts";

/** Runs the finder on results, each of five trials, and on looks at how busy the machine is; idle behind their ends. */
async function find(results: readonly number[], looks: readonly number[] = []) {
  const found: [number, boolean][] = [];
  const pauses: number[] = [];
  const [left, busy] = [[...results], [...looks]];
  let trials = 0;
  const abort = new AbortController();
  await findSpeed({
    // The first reading of a look is of the time before.
    busy: () => busy.shift() ?? 0,
    measure: () => {
      trials++;
      // The best of the five is the third.
      return trials % 5 === 3 ? (left.shift() ?? 0) : 10;
    },
    found: (speed, isConfirmed) => void found.push([speed, isConfirmed]),
    sleep: async (milliseconds) => {
      if (milliseconds > 1_000) pauses.push(milliseconds / 1_000);
      if (left.length === 0 && trials % 5 === 0) abort.abort();
    },
    signal: abort.signal,
  });
  return { found, pauses, trials };
}

describe("findSpeed()", () => {
  test("takes the best of five trials, and confirms it once a later result agrees", async () => {
    expect(await find([8_000, 8_200])).toMatchObject({
      found: [
        [8_000, false],
        [8_200, true],
      ],
      trials: 10,
      pauses: [3, 6],
    });
  });

  test("goes on until two agree: 37, 250 and 490 of one machine do not", async () => {
    const { found, pauses } = await find([37, 250, 490, 9_000, 400, 8_900]);
    expect(found).toEqual([
      [37, false],
      [250, false],
      [490, false],
      [9_000, false],
      [9_000, true],
    ]);
    expect(pauses).toEqual([3, 6, 12, 24, 48, 96]);
  });

  test("measures when the machine is idle", async () => {
    const { found, trials } = await find([8_000], [1, 0.9, 0.5, 0.1]);
    expect([found, trials]).toEqual([[[8_000, false]], 5]);
  });

  test("measures a machine that is never idle too, and trusts no such result", async () => {
    expect((await find([500, 500, 510], Array(100).fill(1))).found).toEqual([
      [500, false],
      [510, false],
    ]);
  });

  test("the first result of the idle machine that agrees confirms", async () => {
    // Eleven readings for each of the two looks that give up.
    expect((await find([500, 500, 490], Array(22).fill(1))).found).toEqual([
      [500, false],
      [500, true],
    ]);
  });

  test("ends at the signal", async () => {
    const abort = new AbortController();
    const done = findSpeed({ busy: () => 0, found: () => {}, signal: abort.signal });
    abort.abort();
    expect(await done).toBeUndefined();
  });
});
