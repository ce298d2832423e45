import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { EventEmitter } from "node:events";
import { EMERGENCY_TITLE } from "../../../init/end/failure-screen.ts";
import { runPid1 } from "../../../init/pid1.ts";
import { bootFiles, KEYBOARD, makeRoot, type Root } from "../../fixtures/root.ts";
import { type Failure, fakeMachine, settle } from "../../lib/fake-kernel.ts";

let root: Root;
beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

/** A machine that has booted into Safe mode. */
async function run(...failures: readonly Failure[]) {
  root = makeRoot({ ...bootFiles("safe"), ...KEYBOARD, "/dev/tty1": "", "/dev/ttyS0": "" });
  const machine = fakeMachine(root.path);
  machine.kernel.failures.push(...failures);
  machine.children.onSpawn = (child) => {
    if (child.command.includes("/usr/bin/losetup")) child.finish(0);
  };
  const events = new EventEmitter();
  let isOver = false;
  void runPid1(machine, events).then(() => {
    isOver = true;
  });
  for (let turns = 0; turns < 40; turns++) {
    await settle();
    jest.advanceTimersByTime(50);
  }
  return { machine, events, log: machine.log.lines, isOver: () => isOver };
}

const commands = ({ machine }: Awaited<ReturnType<typeof run>>) =>
  machine.children.all.map(({ command }) => command.join(" "));

describe("runPid1()", () => {
  test("outlives signals before anything else, boots, and does not end by itself", async () => {
    const bench = await run();
    expect(bench.machine.kernel.calls[0]).toBe("outlive signals");
    expect(bench.log).toContainEqual(expect.stringContaining("entering Safe mode"));
    expect(commands(bench).filter((command) => command.includes("/bin/sh"))).toHaveLength(2);
    expect(bench.isOver()).toBe(false);
  });

  test("reaps orphans whenever a child has ended", async () => {
    const { machine, events } = await run();
    const before = machine.children.reaps;
    events.emit("SIGCHLD");
    events.emit("SIGCHLD");
    expect(machine.children.reaps).toBe(before + 2);
  });

  test.each(["uncaughtException", "unhandledRejection"])(
    "shows an %s on the screen, the first alone",
    async (event) => {
      const { events, log } = await run();
      events.emit(event, new Error("the first"));
      events.emit(event, new Error("the second"));
      await settle();
      expect(root.read("/dev/tty1")).toContain(EMERGENCY_TITLE);
      expect(root.read("/dev/tty1")).toContain("the first");
      expect(root.read("/dev/tty1")).not.toContain("the second");
      expect(log).toContain("error: the first");
      expect(log).toContainEqual(expect.stringMatching(/^error: .*the second/));
    },
  );

  test("shows a boot that failed, and gives a shell", async () => {
    const bench = await run({ call: "mount sysfs", message: "EBUSY" });
    expect(root.read("/dev/tty1")).toContain("Cannot mount the kernel's file systems: EBUSY");
    expect(commands(bench).filter((command) => command.includes("/bin/sh"))).toHaveLength(2);
    expect(bench.isOver()).toBe(false);
  });

  test.each([
    ["SIGUSR2", "power-off"],
    ["SIGTERM", "restart"],
    ["SIGUSR1", "halt"],
  ])("ends the machine by %s: services first, then the disks, then %s", async (signal, end) => {
    const { machine, events, isOver } = await run();
    for (const child of machine.children.all) child.kill = () => child.finish("SIGTERM");
    events.emit(signal);
    for (let turns = 0; turns < 80; turns++) {
      await settle();
      jest.advanceTimersByTime(50);
    }
    const { calls } = machine.kernel;
    expect(calls.slice(-4)).toEqual(["SIGTERM to all", "SIGKILL to all", "sync", end]);
    expect(isOver()).toBe(true);
  });
});
