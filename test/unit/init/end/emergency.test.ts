import { afterEach, beforeEach, describe, expect, jest, spyOn, test } from "bun:test";
import { emergency } from "../../../../init/end/emergency.ts";
import { EMERGENCY_TITLE } from "../../../../init/end/failure-screen.ts";
import type { Service } from "../../../../modes/service.ts";
import { BootError } from "../../../../system/step.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { type FakeChild, fakeMachine, settle } from "../../../lib/fake-kernel.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const ERROR = new BootError("find the consoles", new Error("ENOENT"));
const FILES = {
  "/proc/cmdline": "quiet\n",
  "/sys/class/tty/console/active": "tty0 ttyS0\n",
  "/dev/tty1": "",
  "/dev/ttyS0": "",
};

async function fail(root: Root, machine = fakeMachine(root.path)) {
  const [started, ends]: [Service[], string[]] = [[], []];
  await emergency(machine, {
    error: ERROR,
    supervisor: { start: (service) => void started.push(service) },
    end: { ask: (end, asker) => void ends.push(`${end} for ${asker}`) },
  });
  return { machine, ends, shells: started.map(({ console }) => console) };
}

describe("emergency()", () => {
  test("shows the failure on every console and gives each a shell", async () => {
    using root = makeRoot(FILES);
    const { machine, ends, shells } = await fail(root);
    for (const console of ["/dev/tty1", "/dev/ttyS0"]) {
      expect(root.read(console)).toContain("What failed:  Cannot find the consoles: ENOENT");
    }
    expect(shells).toEqual(["/dev/tty1", "/dev/ttyS0"]);
    expect(machine.log.lines).toEqual(["error: Cannot find the consoles: ENOENT"]);
    expect(machine.log.isOpen).toBe(true);
    jest.advanceTimersByTime(3_600_000);
    expect(ends).toEqual([]);
  });

  test.each([
    ["panic=30", 30_000, "starts again in 30 s"],
    ["panic=-1", 0, "starts again in 0 s"],
    ["panic=999999999", 2 ** 31 - 1, "starts again in 999999999 s"],
  ])("with %s restarts in time, without a shell", async (words, milliseconds, sentence) => {
    using root = makeRoot({ ...FILES, "/proc/cmdline": `${words}\n` });
    // Made-up timers know no overflow; a true one beyond 2 ** 31 - 1 ms fires at once.
    using timers = spyOn(globalThis, "setTimeout");
    const { ends, shells } = await fail(root);
    expect(timers.mock.calls.map(([, delay]) => delay)).toContain(milliseconds);
    expect(root.read("/dev/tty1")).toContain(sentence);
    jest.advanceTimersByTime(Math.max(milliseconds - 1, 0));
    if (milliseconds > 0) expect(ends).toEqual([]);
    jest.advanceTimersByTime(1);
    await settle();
    expect([ends, shells]).toEqual([["restart for panic="], []]);
  });

  test("with more seconds than a timer takes does not restart at once", async () => {
    jest.useRealTimers();
    using root = makeRoot({ ...FILES, "/proc/cmdline": "panic=999999999\n" });
    const { ends } = await fail(root);
    await Bun.sleep(150);
    expect(ends).toEqual([]);
  });

  test.each([
    ["quiet", "1\n"],
    ["debug", "7\n"],
  ])("with %s leaves the kernel %j to say on the consoles", async (words, level) => {
    using root = makeRoot({ ...FILES, "/proc/cmdline": `${words}\n`, "/proc/sys/kernel/printk": "7\n" });
    await fail(root);
    expect(root.read("/proc/sys/kernel/printk")).toBe(level);
  });

  test("writes the report, which a restart would lose", async () => {
    using root = makeRoot(FILES);
    const { machine } = await fail(root);
    expect(machine.children.all.map(({ command }) => command)).toEqual([["/usr/bin/clump", "report"]]);
    machine.children.all[0]?.finish(0);
    await settle();
    expect(machine.log.lines.at(-1)).toBe("info: report written to /run/clump/report.txt");
    root.write({ "/proc/cmdline": "panic=5\n" });
    expect((await fail(root)).machine.children.all).toEqual([]);
  });

  test.each([
    ["as soon as the report is sent", 7_000, (child?: FakeChild) => child?.finish(0)],
    ["30 s later where it is not", 30_000, () => {}],
  ])("with clump.report= and panic= restarts %s", async (_, milliseconds, act) => {
    const words = "panic=5 clump.report=http://10.0.0.1/in/";
    using root = makeRoot({ ...FILES, "/proc/cmdline": `${words}\n` });
    const { machine, ends } = await fail(root);
    expect(root.read("/dev/tty1")).toContain(
      "The report:   sent to http://10.0.0.1/in/ as soon as it can be",
    );
    jest.advanceTimersByTime(5_000);
    await settle();
    jest.advanceTimersByTime(milliseconds - 1);
    await settle();
    expect(ends).toEqual([]);
    act(machine.children.all[0]);
    jest.advanceTimersByTime(1);
    await settle();
    expect(ends).toEqual(["restart for panic="]);
  });

  test("with panic=0 gives a shell, as the kernel waits for ever", async () => {
    using root = makeRoot({ ...FILES, "/proc/cmdline": "panic=0\n" });
    expect((await fail(root)).shells).toHaveLength(2);
  });

  test("uses /dev/console where nothing is mounted", async () => {
    using root = makeRoot({ "/dev/console": "" });
    expect((await fail(root)).shells).toEqual(["/dev/console"]);
    expect(root.read("/dev/console")).toContain(EMERGENCY_TITLE);
  });

  test("shows it on the other consoles where one cannot be opened or takes nothing", async () => {
    using root = makeRoot({ ...FILES, "/sys/class/tty/console/active": "ttyS7 ttyS8 ttyS0\n" });
    root.write({ "/dev/ttyS8": "-> /dev/full" });
    expect((await fail(root)).shells).toHaveLength(3);
    expect(root.read("/dev/ttyS0")).toContain(EMERGENCY_TITLE);
  });
});
