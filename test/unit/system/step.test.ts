import { afterEach, describe, expect, jest, test } from "bun:test";
import { BootError, createStep, stepLine } from "../../../system/step.ts";
import { FakeLog } from "../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

function bench() {
  const log = new FakeLog();
  let now = 1_000;
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { log, step: createStep(log, () => now), pass };
}

const boom = () => {
  throw new Error("no such device");
};

describe.each(["required", "optional"] as const)("step.%s()", (policy) => {
  test("gives what the action gives and logs its duration once", async () => {
    const { log, step, pass } = bench();
    const value = await step[policy]("mount", async () => {
      pass(1_234);
      return 42;
    });
    expect(value).toBe(42);
    expect(log.lines).toEqual(["info: mount: ok (1.234 s)"]);
    expect(stepLine("mount", 1.234)).toBe("mount: ok (1.234 s)");
  });

  test("gives what an action gives at once", async () => {
    expect(await bench().step[policy]("read", () => "text")).toBe("text");
  });

  test("does not wait longer than its limit, and not for a late failure", async () => {
    jest.useFakeTimers();
    const { log, step } = bench();
    const action = Promise.withResolvers<never>();
    const done = step[policy]("wait", () => action.promise, { within: 1_500 }).catch(String);
    jest.advanceTimersByTime(1_499);
    await Promise.resolve();
    expect(log.lines).toEqual([]);
    jest.advanceTimersByTime(1);
    await done;
    action.reject(new Error("late"));
    if (policy === "optional")
      expect(log.lines).toEqual(["warn: Cannot wait: not done after 1.5 s, ignoring"]);
    else expect(await done).toBe("BootError: Cannot wait");
  });

  test("leaves no timer behind", async () => {
    jest.useFakeTimers();
    const { step } = bench();
    await step[policy]("read", () => 1);
    await step[policy]("fail", boom).catch(() => {});
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("a failing action", () => {
  const failures: [string, () => unknown][] = [
    ["that throws", boom],
    ["that rejects", async () => boom()],
  ];

  test.each(failures)(
    "%s makes a required step throw with its name and cause, and logs nothing",
    async (_, action) => {
      const { log, step } = bench();
      const error = await step.required("find the disk", action).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BootError);
      expect(error).toMatchObject({
        step: "find the disk",
        message: "Cannot find the disk",
        cause: new Error("no such device"),
      });
      expect(log.lines).toEqual([]);
    },
  );

  test.each(failures)("%s makes an optional step log it once and give nothing", async (_, action) => {
    const { log, step } = bench();
    expect(await step.optional("find the disk", action)).toBeUndefined();
    expect(log.lines).toEqual(["warn: Cannot find the disk: no such device, ignoring"]);
  });
});
