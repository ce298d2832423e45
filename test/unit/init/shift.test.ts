import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { lookForShift } from "../../../init/shift.ts";
import type { Drivers } from "../../../probes/drivers.ts";
import { FakeKernel, settle } from "../../lib/fake-kernel.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function bench() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const settled: Drivers["settled"] = (which) => {
    asked.push(which);
    return promise;
  };
  return { kernel: new FakeKernel(), drivers: { settled, problems: () => [] }, asked, resolve };
}

test.each([true, false])("lookForShift() says %p once keyboards have their drivers", async (isHeld) => {
  const { kernel, drivers, asked, resolve } = bench();
  const looked = lookForShift(kernel, drivers);
  await settle();
  expect(kernel.calls).toEqual([]);
  kernel.isShiftHeld = isHeld;
  resolve();
  expect(await looked).toBe(isHeld);
  expect([asked, kernel.calls]).toEqual([["keyboards"], ["look for Shift"]]);
});

test("lookForShift() looks after 4 s whatever the keyboards do", async () => {
  const { kernel, drivers } = bench();
  kernel.isShiftHeld = true;
  const looked = lookForShift(kernel, drivers);
  jest.advanceTimersByTime(3_999);
  await settle();
  expect(kernel.calls).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(await looked).toBe(true);
});
