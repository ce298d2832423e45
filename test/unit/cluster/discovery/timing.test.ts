import { expect, test } from "bun:test";
import { untilAck, untilAnnouncement, untilNextJoin } from "../../../../cluster/discovery/timing.ts";

test("untilNextJoin() doubles from a second to half a minute", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map((asked) => untilNextJoin(asked, 0.5) / 1000)).toEqual([
    1, 2, 4, 8, 16, 30, 30, 30,
  ]);
  expect(untilNextJoin(1, 0)).toBeLessThan(untilNextJoin(1, 1));
});

test("untilAck() is at once among few, and spread among many, 5 s at most", () => {
  expect(untilAck(4, 1)).toBe(0);
  expect(untilAck(254, 1)).toBe(1_270);
  expect(untilAck(10_000, 1)).toBe(5_000);
  expect(untilAck(10_000, 0)).toBe(0);
});

test("untilAnnouncement() lets all nodes together speak every other second at most", () => {
  for (const nodes of [1, 10, 254, 10_000]) {
    expect(nodes / (untilAnnouncement(nodes, 0.5) / 1000)).toBeLessThanOrEqual(0.5);
  }
});
