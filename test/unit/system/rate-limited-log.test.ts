import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import type { Log } from "../../../system/log.ts";
import { RateLimitedLog } from "../../../system/rate-limited-log.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function start() {
  const lines: string[] = [];
  const write = (level: string) => (line: string) => void lines.push(`${level}: ${line}`);
  const log: Log = { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
  const clock = { now: 0 };
  return { lines, clock, limited: new RateLimitedLog(log, () => clock.now) };
}

test("60,000 lines leave forty, and one that says how many were left out", () => {
  const { lines, limited } = start();
  for (let count = 1; count <= 60_000; count++) limited.info(`node ${count}`);
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([40, "info: node 1", "info: node 40"]);
  jest.advanceTimersByTime(60_000);
  expect(lines.slice(40)).toEqual(["warn: 59960 lines like those before were left out: they come too fast"]);
  jest.advanceTimersByTime(600_000);
  expect(lines.length).toBe(41);
});

test("then one line passes every ten seconds, whatever its level", () => {
  const { lines, clock, limited } = start();
  for (let count = 0; count < 40; count++) limited.debug("first");
  for (clock.now = 0; clock.now < 60_000; clock.now += 100) limited.error("later");
  const later = lines.filter((line) => line === "error: later").length;
  expect([lines.length - later, later]).toEqual([40, 5]);
});

test("a quiet log has room for as many again, and says nothing of its own", () => {
  const { lines, clock, limited } = start();
  for (let count = 0; count < 40; count++) limited.warn("first");
  clock.now = 400_000;
  for (let count = 0; count < 40; count++) limited.warn("second");
  jest.advanceTimersByTime(600_000);
  expect(lines.filter((line) => line === "warn: second").length).toBe(40);
  expect(lines.length).toBe(80);
});
