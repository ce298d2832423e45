import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { runPid1 } from "../../../init/pid1.ts";
import type { MachineEnd } from "../../../system/kernel/kernel.ts";
import { bootFiles, makeRoot, type Root } from "../../fixtures/root.ts";
import { type Failure, fakeMachine, settle } from "../../lib/fake-kernel.ts";

/** What process 1 listens to. */
const HEARD = [
  "SIGCHLD",
  "SIGUSR1",
  "SIGUSR2",
  "SIGTERM",
  "SIGINT",
  "uncaughtException",
  "unhandledRejection",
];

let root: Root;
let before: Map<string, ReturnType<typeof process.listeners>>;

beforeEach(() => {
  before = new Map(HEARD.map((name) => [name, process.listeners(name as "SIGINT")]));
  root = makeRoot({ ...bootFiles("clump.mode=safe"), "/dev/tty1": "", "/dev/ttyS0": "" });
});

afterEach(() => {
  for (const name of HEARD) for (const listener of added(name)) process.off(name, listener);
  root[Symbol.dispose]();
});

/** The listeners of process 1; those of the test's runner stay as they are. */
function added(name: string) {
  return process.listeners(name as "SIGINT").filter((listener) => !before.get(name)?.includes(listener));
}

/** Calls the listeners of process 1: a true signal would end the test's runner. */
function raise(name: string, value: unknown = name): void {
  for (const listener of added(name)) (listener as (value: unknown) => void)(value);
}

/** Process 1 as soon as it has started its first child: a service at the end of the boot, or the shell of a failure. */
async function start(failure?: Failure) {
  const machine = fakeMachine(root.path);
  if (failure) machine.kernel.failures.push(failure);
  const { promise, resolve } = Promise.withResolvers<void>();
  machine.children.onSpawn = (child) => {
    child.kill = () => child.finish("SIGTERM");
    resolve();
  };
  const running = runPid1(machine);
  await promise;
  await settle();
  return { running, machine, lines: machine.log.lines };
}

const END: readonly [signal: string, end: MachineEnd][] = [
  ["SIGTERM", "restart"],
  ["SIGUSR2", "power-off"],
];

describe("process 1", () => {
  test.each(END)("boots, and at %s stops what runs before the %s", async (signal, end) => {
    const { running, machine, lines } = await start();
    raise(signal);
    await running;
    expect(lines.some((line) => line.startsWith("info: entering Safe mode"))).toBe(true);
    expect(machine.kernel.calls.slice(-4)).toEqual(["SIGTERM to all", "SIGKILL to all", "sync", end]);
  });

  test("collects orphans when a child has ended", async () => {
    const { running, machine } = await start();
    const before = machine.children.reaps;
    raise("SIGCHLD");
    expect(machine.children.reaps).toBe(before + 1);
    raise("SIGTERM");
    await running;
  });

  test("shows what failed in the boot, and gives a shell", async () => {
    const { running } = await start({ call: "mount sysfs", message: "no such device" });
    expect(root.read("/dev/tty1")).toContain("Cannot mount the kernel's file systems: no such device");
    raise("SIGTERM");
    await running;
  });

  test("shows the first failure, and only logs the next", async () => {
    const { running, lines } = await start();
    raise("uncaughtException", new Error("the first"));
    raise("unhandledRejection", new Error("the second"));
    expect(root.read("/dev/tty1")).toContain("the first");
    expect(root.read("/dev/tty1")).not.toContain("the second");
    expect(lines.filter((line) => line.startsWith("error: "))).toEqual([
      "error: the first",
      "error: Error: the second",
    ]);
    raise("SIGTERM");
    await running;
  });
});
