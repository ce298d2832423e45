import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { Beacon } from "../../../../cluster/discovery/beacon.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function start({ others = 0, silent = false, gossips = false } = {}) {
  const seen = { sent: [] as string[], others, silent, gossips };
  const beacon = new Beacon({
    send: (type) => seen.sent.push(type),
    countOthers: () => seen.others,
    gossips: () => seen.gossips,
    hasSilent: () => seen.silent,
    random: () => 0.5,
  });
  return { seen, beacon };
}

const JOIN = { type: "join", addresses: [1] } as const;

test("a node that is alone asks at once, and ever more seldom, until it has company", () => {
  const { seen, beacon } = start();
  expect(seen.sent).toEqual(["join"]);
  jest.advanceTimersByTime(15_500);
  expect(seen.sent).toEqual(["join", "join", "join", "join", "join"]);
  seen.others = 1;
  jest.advanceTimersByTime(60_000);
  expect(seen.sent.filter((type) => type === "join").length).toBe(5);
  beacon.close();
});

test("a node announces itself unasked, and asks after those that speak only when asked", () => {
  const { seen, beacon } = start({ others: 3, silent: true });
  expect(seen.sent).toEqual(["join"]);
  jest.advanceTimersByTime(61_000);
  expect(seen.sent).toEqual(["join", "ack", "ack", "join", "ack"]);
  beacon.close();
});

test("who asks is answered; many who ask at once are answered once", () => {
  const { seen, beacon } = start({ others: 253 });
  for (let count = 0; count < 1_000; count++) beacon.hear(JOIN);
  beacon.hear({ type: "ack", addresses: [2] });
  jest.advanceTimersByTime(1_270);
  expect(seen.sent.filter((type) => type === "ack")).toEqual(["ack"]);
  beacon.hear(JOIN);
  jest.advanceTimersByTime(1_270);
  expect(seen.sent.filter((type) => type === "ack")).toEqual(["ack", "ack"]);
  beacon.close();
});

test("a newcomer that gossips is answered by all of a few, and by few of many", () => {
  for (const [others, answers] of [
    [4, 1],
    [10, 0],
  ] as const) {
    const { seen, beacon } = start({ others, gossips: true });
    beacon.hear(JOIN);
    jest.advanceTimersByTime(1_000);
    expect(seen.sent.filter((type) => type === "ack").length).toBe(answers);
    seen.gossips = false;
    beacon.hear(JOIN);
    jest.advanceTimersByTime(1_000);
    expect(seen.sent.filter((type) => type === "ack").length).toBe(answers + 1);
    beacon.close();
  }
});

test("a goodbye is the last word", () => {
  const { seen, beacon } = start();
  beacon.leave();
  jest.advanceTimersByTime(600_000);
  expect(seen.sent).toEqual(["join", "leave"]);
});
