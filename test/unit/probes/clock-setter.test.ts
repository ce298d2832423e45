import { afterEach, describe, expect, jest, test } from "bun:test";
import { createClockSetter } from "../../../probes/clock-setter.ts";
import { FakeChildren, FakeLog, settle } from "../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

/** A setter whose servers end with these statuses, one after the other. */
function bench(...statuses: number[]) {
  const [children, log] = [new FakeChildren(), new FakeLog()];
  children.onSpawn = (child) => {
    child.said = "rdate: no answer\n";
    const status = statuses.shift();
    if (status !== undefined) child.finish(status);
  };
  return { children, log, clock: createClockSetter({ children, log }) };
}

const asked = (children: FakeChildren) => children.all.map(({ command }) => command.at(-1));

describe("createClockSetter()", () => {
  test("asks one server after the other until one has answered", async () => {
    const { children, log, clock } = bench(1, 0);
    await clock.follow(["10.0.2.1", "10.0.2.2", "10.0.2.3"]);
    expect(children.all[0]?.command).toEqual(["/usr/sbin/rdate", "-n", "-4", "-s", "10.0.2.1"]);
    expect(asked(children)).toEqual(["10.0.2.1", "10.0.2.2"]);
    expect(log.lines).toEqual([
      "warn: Cannot set the clock from 10.0.2.1: rdate: no answer, skipping",
      "info: clock set from 10.0.2.2",
    ]);
  });

  test("asks the same servers once, and others anew", async () => {
    const { children, clock } = bench(0, 0);
    await clock.follow([]);
    for (const servers of [["10.0.2.1"], ["10.0.2.1"], ["10.0.2.9"]]) await clock.follow(servers);
    expect(asked(children)).toEqual(["10.0.2.1", "10.0.2.9"]);
  });

  test("ends a server that does not answer within 5 s, and asks the next", async () => {
    jest.useFakeTimers();
    const { children, clock } = bench();
    const done = clock.follow(["10.0.2.1", "10.0.2.2"]);
    jest.advanceTimersByTime(4_999);
    expect(children.all[0]?.signals).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(children.all[0]?.signals).toEqual(["SIGKILL"]);
    children.all[0]?.finish("SIGKILL");
    await settle();
    children.all[1]?.finish(0);
    await done;
    expect(asked(children)).toEqual(["10.0.2.1", "10.0.2.2"]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("says why where the program cannot be started", async () => {
    const { children, clock } = bench();
    children.onSpawn = () => {
      throw new Error("no rdate");
    };
    expect(clock.follow(["10.0.2.1"])).rejects.toThrow("no rdate");
  });
});
