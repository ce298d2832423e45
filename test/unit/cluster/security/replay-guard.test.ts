import { expect, test } from "bun:test";
import { ReplayGuard } from "../../../../cluster/security/replay-guard.ts";
import { createRandom } from "../../../lib/random.ts";

/** Datagrams may overtake each other by so many, one less. */
const WINDOW = 32;

test("accepts() takes each number once that is less than 32 below the highest, whatever the order", () => {
  const random = createRandom(5);
  const guard = new ReplayGuard(1);
  const seen = new Set<number>();
  let highest = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    // Steps ahead of up to 40, and back as far.
    const sequence = Math.max(highest + Math.floor(random() * 81) - (turn % 2 === 0 ? 60 : 40), 1);
    const isNew = !seen.has(sequence) && sequence > highest - WINDOW;
    expect([sequence, guard.accepts(9, 1, sequence)]).toEqual([sequence, isNew]);
    seen.add(sequence);
    highest = Math.max(highest, sequence);
  }
});

test("latest() is the highest number of the last life", () => {
  const guard = new ReplayGuard(1);
  expect(guard.latest(9)).toBeUndefined();
  for (const [life, sequence] of [
    [1, 8],
    [2, 5],
    [2, 3],
    [1, 9],
  ] as const)
    guard.accepts(9, life, sequence);
  expect(guard.latest(9)).toEqual({ incarnation: 2, sequence: 5 });
});
