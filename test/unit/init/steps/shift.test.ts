import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { watchShift } from "../../../../init/steps/shift.ts";
import type { Drivers } from "../../../../probes/drivers.ts";
import { FakeKernel, settle } from "../../../lib/fake-kernel.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function bench() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const settled: Drivers["settled"] = (which) => {
    asked.push(which);
    return promise;
  };
  const kernel = new FakeKernel();
  return { kernel, asked, resolve, watch: watchShift(kernel, { settled }) };
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

/** What has been decided by now. */
function outcome(decided: Promise<boolean>): { value?: boolean } {
  const found: { value?: boolean } = {};
  void decided.then((value) => (found.value = value));
  return found;
}

test("Shift, held, is seen without waiting for other keyboards", async () => {
  const { kernel, watch, asked } = bench();
  kernel.isShiftHeld = true;
  const found = outcome(watch.decide());
  await pass(100);
  expect([found.value, asked]).toEqual([true, ["keyboards"]]);
});

test("Shift that was held before anybody asked counts", async () => {
  const { kernel, watch, resolve } = bench();
  kernel.isShiftHeld = true;
  await pass(100);
  kernel.isShiftHeld = false;
  resolve();
  expect(await watch.decide()).toBe(true);
});

test("nobody looks any more once Shift was seen", async () => {
  const { kernel } = bench();
  kernel.isShiftHeld = true;
  await pass(100);
  await pass(1_000);
  expect(kernel.calls).toEqual(["look for Shift"]);
});

test("a keyboard has 300 ms after its driver to say what is held", async () => {
  const { kernel, watch, resolve } = bench();
  const found = outcome(watch.decide());
  resolve();
  await pass(299);
  expect(found.value).toBeUndefined();
  kernel.isShiftHeld = true;
  await pass(1);
  expect(found.value).toBe(true);
});

test("without Shift the answer comes once the keyboards have had their time, and nobody looks any more", async () => {
  const { kernel, watch, resolve } = bench();
  const found = outcome(watch.decide());
  resolve();
  await pass(300);
  expect(found.value).toBe(false);
  const { length } = kernel.calls;
  await pass(1_000);
  expect(kernel.calls).toHaveLength(length);
});

test("a keyboard's driver that hangs holds the boot for 15 s, no longer", async () => {
  const { watch } = bench();
  await pass(10_000);
  const found = outcome(watch.decide());
  await pass(4_999);
  expect(found.value).toBeUndefined();
  await pass(1);
  expect(found.value).toBe(false);
});

test("what the kernel refuses is told to who decides", async () => {
  const { kernel, watch } = bench();
  kernel.failures.push({ call: "look for Shift", message: "ENOTTY" });
  await pass(100);
  await expect(watch.decide()).rejects.toThrow("ENOTTY");
});
