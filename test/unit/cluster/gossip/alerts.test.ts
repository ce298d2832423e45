import { expect, test } from "bun:test";
import { Alerts } from "../../../../cluster/gossip/alerts.ts";

const due = (alerts: Alerts, changes: number, now: number, isTick = false) =>
  alerts.isDue(changes, { now, isTick });

test("a change is told at once, and again at the next tick", () => {
  const alerts = new Alerts();
  expect([due(alerts, 0, 0), due(alerts, 0, 0, true)]).toEqual([false, false]);
  expect([
    due(alerts, 1, 100),
    due(alerts, 1, 200),
    due(alerts, 1, 1_000, true),
    due(alerts, 1, 2_000, true),
  ]).toEqual([true, false, true, false]);
});

test("many changes are told together, twice a second", () => {
  const alerts = new Alerts();
  const times = Array.from({ length: 100 }, (_, turn) => 10_000 + 100 * turn);
  const told = times.filter((now, turn) => due(alerts, turn + 1, now));
  expect(told.length).toBeGreaterThan(15);
  expect(told.length).toBeLessThanOrEqual(22);
  // What came last is not lost.
  expect(due(alerts, 100, 30_000, true)).toBe(true);
});
