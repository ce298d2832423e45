import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { Supervisor } from "../../../../init/services/supervisor.ts";
import type { Service } from "../../../../modes/service.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { FakeChildren, FakeKernel, FakeLog, settle } from "../../../lib/fake-kernel.ts";

const again: Service = { name: "again", command: ["/bin/again"], whenDone: "start again" };
const screen: Service = { name: "screen", command: ["/bin/screen"], whenDone: "power off" };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function bench() {
  const [children, log] = [new FakeChildren(), new FakeLog()];
  const ends: string[] = [];
  const ports: number[] = [];
  const listen = (port: number) => 40 + ports.push(port);
  const kernel = new FakeKernel();
  const supervisor = new Supervisor({
    ...{ children, kernel, log, listen },
    powerOff: ({ name }) => void ends.push(name),
  });
  return { children, log, ends, ports, supervisor, pipes: kernel.pipes };
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

/** Ends the latest child and tells after how many milliseconds the next one is there. */
async function delayAfter(children: FakeChildren, how: number | NodeJS.Signals): Promise<number> {
  const before = children.all.length;
  children.all.at(-1)!.finish(how);
  await settle();
  let waited = 0;
  for (; children.all.length === before && waited < 60_000; waited += 100) await pass(100);
  return waited;
}

describe("a service", () => {
  test("is started with its command and its environment", () => {
    const { children, supervisor } = bench();
    supervisor.start({ ...again, environment: { HOME: "/root" } });
    expect(children.all[0]?.command).toEqual(["/bin/again"]);
    expect(children.all[0]?.options).toEqual({ environment: { HOME: "/root" } });
  });

  test("gets its console as terminal, which is closed when it has ended", async () => {
    using root = makeRoot({ "/tty": "" });
    const { children, supervisor } = bench();
    supervisor.start({ ...again, console: `${root.path}/tty` });
    expect(children.all[0]?.options.terminal).toBeGreaterThan(2);
    expect(await delayAfter(children, 0)).toBe(200);
    // The lowest free number is taken first: had the first not been closed, this would be another.
    expect(children.all[1]?.options.terminal).toBe(children.all[0]?.options.terminal);
  });

  test("gets the socket it listens on, the same each time; that it ended with nobody connected is no news", async () => {
    const { children, log, ports, supervisor } = bench();
    supervisor.start({ ...again, listens: 5900 });
    expect(children.all[0]?.options.input).toBe(41);
    expect(await delayAfter(children, 0)).toBe(200);
    expect(children.all[1]?.options.input).toBe(41);
    expect([ports, log.lines]).toEqual([[5900], []]);
    expect(await delayAfter(children, 1)).toBe(400);
    expect(log.lines).toEqual(["warn: again ended with status 1, starting it again in 0.4 s"]);
  });

  test.each([
    [0, "status 0"],
    [1, "status 1"],
    ["SIGSEGV", "signal SIGSEGV"],
  ] as const)("is started again after it ended with %p", async (how, words) => {
    const { children, log, supervisor } = bench();
    supervisor.start(again);
    expect(await delayAfter(children, how)).toBe(200);
    expect(log.lines).toEqual([`warn: again ended with ${words}, starting it again in 0.2 s`]);
  });

  test("waits twice as long after each failure, up to 30 s", async () => {
    const { children, supervisor } = bench();
    supervisor.start(again);
    const delays: number[] = [];
    for (let times = 0; times < 10; times++) delays.push(await delayAfter(children, 1));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
  });

  test("waits the first delay again once it was healthy for 10 s", async () => {
    const { children, supervisor } = bench();
    supervisor.start(again);
    await delayAfter(children, 1);
    await delayAfter(children, 1);
    await pass(9_999);
    expect(await delayAfter(children, 1)).toBe(800);
    await pass(10_000);
    expect(await delayAfter(children, 1)).toBe(200);
  });

  test("whose console cannot be opened is tried again, and says why", async () => {
    const { children, log, supervisor } = bench();
    supervisor.start({ ...again, console: "/no/such/console" });
    await settle();
    expect(children.all).toEqual([]);
    await pass(200);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toMatch(
      /^warn: Cannot start again: no such file or directory \(.*\), trying again$/,
    );
  });

  test("whose program cannot be started is tried again", async () => {
    const { children, log, supervisor } = bench();
    children.onSpawn = () => {
      children.onSpawn = () => {};
      throw new Error("no such program");
    };
    supervisor.start(again);
    await settle();
    await pass(200);
    expect(children.all).toHaveLength(2);
    expect(log.lines).toEqual(["warn: Cannot start again: no such program, trying again"]);
  });

  test("that may end the node does so with status 0, and runs no more", async () => {
    const { children, ends, supervisor } = bench();
    supervisor.start(screen);
    children.all[0]?.finish(0);
    await settle();
    await pass(60_000);
    expect([ends, children.all.length]).toEqual([["screen"], 1]);
  });

  test.each([1, "SIGKILL"] as const)("that may end the node does not with %p", async (how) => {
    const { children, ends, supervisor } = bench();
    supervisor.start(screen);
    expect(await delayAfter(children, how)).toBe(200);
    expect(ends).toEqual([]);
  });
});

describe("readiness", () => {
  const daemon: Service = { ...again, name: "daemon", command: ["/bin/daemon"], reportsReady: true };
  const follower: Service = { ...again, name: "follower", command: ["/bin/follower"], after: ["daemon"] };
  const NEWLINE = Uint8Array.of(10);

  test("is a newline on descriptor 3, and what comes after waits for it", async () => {
    const { children, log, pipes, supervisor } = bench();
    supervisor.start(daemon);
    supervisor.start(follower);
    expect(children.all[0]?.options).toEqual({ environment: {}, descriptors: [61] });
    await pass(9_000);
    expect(children.all).toHaveLength(1);
    pipes[0]?.push(NEWLINE);
    await settle();
    expect(children.all.map(({ command }) => command)).toEqual([["/bin/daemon"], ["/bin/follower"]]);
    expect(log.lines).toEqual(["info: daemon is ready"]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("is told once, and not of a service that is being stopped", async () => {
    const { children, pipes, supervisor } = bench();
    let told = 0;
    supervisor.start(daemon, () => told++);
    await pass(1_000);
    expect(told).toBe(0);
    pipes[0]?.push(NEWLINE);
    await settle();
    expect(told).toBe(1);
    expect(await delayAfter(children, 1)).toBe(200);
    pipes[1]?.push(NEWLINE);
    await settle();
    expect(told).toBe(1);
    const stopped = bench();
    stopped.supervisor.start(daemon, () => told++);
    const stop = stopped.supervisor.stopService("daemon");
    stopped.pipes[0]?.push(NEWLINE);
    stopped.children.all[0]?.finish(0);
    await settle();
    expect([await stop, told]).toEqual([true, 1]);
  });

  test("is waited for no longer than 10 s", async () => {
    const { children, log, supervisor } = bench();
    supervisor.start(daemon);
    supervisor.start(follower);
    await pass(10_000);
    expect(children.all).toHaveLength(2);
    expect(log.lines).toEqual(["warn: daemon is not ready after 10 s, starting follower all the same"]);
  });

  test("of a second run counts where the first died before", async () => {
    const { children, pipes, supervisor } = bench();
    supervisor.start(daemon);
    supervisor.start(follower);
    expect(await delayAfter(children, 1)).toBe(200);
    expect(children.all.map(({ command }) => command)).toEqual([["/bin/daemon"], ["/bin/daemon"]]);
    pipes[1]?.push(NEWLINE);
    await settle();
    expect(children.all[2]?.command).toEqual(["/bin/follower"]);
  });

  test("is not waited for where no such service runs, or it reports nothing", async () => {
    const { children, supervisor } = bench();
    supervisor.start(follower);
    supervisor.start({ ...daemon, name: "plain", reportsReady: false });
    supervisor.start({ ...follower, name: "second", after: ["plain"] });
    await settle();
    expect(children.all).toHaveLength(3);
  });

  test("keeps no service that is stopped while it waits", async () => {
    const { children, log, supervisor } = bench();
    supervisor.start(daemon);
    supervisor.start(follower);
    expect(await supervisor.stopService("follower")).toBe(true);
    await pass(20_000);
    expect([children.all.length, log.lines]).toEqual([1, []]);
  });
});

describe("stopService()", () => {
  test("stops one service, which may be started again", async () => {
    const { children, supervisor } = bench();
    for (const name of ["one", "two"]) supervisor.start({ ...again, name, command: [name] });
    const stopped = supervisor.stopService("one");
    expect(children.all.map(({ signals }) => signals.length)).toEqual([2, 0]);
    children.all[0]?.finish(0);
    expect(await stopped).toBe(true);
    await pass(60_000);
    expect(children.all).toHaveLength(2);
    supervisor.start({ ...again, name: "one", command: ["one"] });
    expect(children.all).toHaveLength(3);
  });

  test("says so where there is none of that name", async () => {
    expect(await bench().supervisor.stopService("one")).toBe(false);
  });
});

describe("stop()", () => {
  test("stops all together, and waits for the last of them", async () => {
    const { children, supervisor } = bench();
    for (const name of ["one", "two"]) supervisor.start({ ...again, name, command: [name] });
    const [one, two] = children.all;
    let isStopped = false;
    void supervisor.stop().then(() => {
      isStopped = true;
    });
    await settle();
    expect([one?.signals, two?.signals]).toEqual(Array(2).fill(["SIGHUP", "SIGTERM"]));
    one?.finish("SIGTERM");
    await settle();
    expect(isStopped).toBe(false);
    two?.finish(0);
    await settle();
    expect([isStopped, children.all.length]).toEqual([true, 2]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("kills after 2 s all that do not go", async () => {
    const { children, supervisor } = bench();
    for (const name of ["one", "two", "three"]) supervisor.start({ ...again, name });
    void supervisor.stop();
    await pass(1_999);
    expect(children.all.map(({ signals }) => signals)).toEqual(Array(3).fill(["SIGHUP", "SIGTERM"]));
    await pass(1);
    expect(children.all.map(({ signals }) => signals.at(-1))).toEqual(Array(3).fill("SIGKILL"));
  });

  test("does not power off for a service that ends well because it was stopped", async () => {
    const { children, ends, log, supervisor } = bench();
    supervisor.start(screen);
    const stopped = supervisor.stop();
    children.all[0]?.finish(0);
    await stopped;
    expect([ends, log.lines]).toEqual([[], []]);
  });

  test("wakes a service that waits to be started again, and starts nothing more", async () => {
    const { children, supervisor } = bench();
    supervisor.start(again);
    children.all[0]?.finish(1);
    await settle();
    await supervisor.stop();
    supervisor.start(screen);
    await pass(60_000);
    expect(children.all).toHaveLength(1);
  });
});
