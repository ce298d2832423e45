import { afterEach, beforeEach, expect, jest, spyOn, test } from "bun:test";
import { persist } from "../../../../probes/network/persist.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function start(failures: number) {
  const abort = new AbortController();
  const errors: unknown[] = [];
  let calls = 0;
  const act = (): void => {
    calls += 1;
    if (calls <= failures) throw new Error(`failure ${calls}`);
  };
  persist(act, { signal: abort.signal, failed: (error) => errors.push(error) });
  return { abort, errors, calls: () => calls };
}

test("persist() calls once what works", () => {
  const { calls, errors } = start(0);
  expect([calls(), errors, jest.getTimerCount()]).toEqual([1, [], 0]);
});

test("persist() waits 1 s, then twice as long each time up to 32 s", () => {
  const { calls, errors } = start(8);
  for (const [at, seconds] of [1, 2, 4, 8, 16, 32, 32, 32].entries()) {
    jest.advanceTimersByTime(seconds * 1_000 - 1);
    expect(calls()).toBe(at + 1);
    jest.advanceTimersByTime(1);
    expect(calls()).toBe(at + 2);
  }
  expect([errors.length, jest.getTimerCount()]).toEqual([8, 0]);
});

test("persist() ends with the signal", () => {
  const { abort, calls } = start(9);
  abort.abort();
  jest.advanceTimersByTime(60_000);
  expect([calls(), jest.getTimerCount()]).toEqual([1, 0]);
});

test("persist() leaves one listener on the signal, however often it tries", () => {
  const abort = new AbortController();
  const added = spyOn(abort.signal, "addEventListener");
  const removed = spyOn(abort.signal, "removeEventListener");
  const act = (): void => {
    throw new Error("no");
  };
  persist(act, { signal: abort.signal, failed: () => {} });
  jest.advanceTimersByTime(100_000);
  expect(added.mock.calls.length).toBeGreaterThan(3);
  expect(added.mock.calls.length - removed.mock.calls.length).toBe(1);
});
