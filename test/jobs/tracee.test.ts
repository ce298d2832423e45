import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Injector } from "../../cluster/migration/injector.ts";
import { Tracee } from "../../cluster/migration/tracee.ts";
import { until } from "../lib/until.ts";
import { INJECTOR } from "./checkout.ts";
import { Programs } from "./compile.ts";
import { Groups } from "./groups.ts";

const programs = new Programs();
let threads = "";
beforeAll(() => {
  threads = programs.compile("threads", ["test/jobs/threads.c"], "small");
});
afterAll(() => programs.remove());

const running: Bun.Subprocess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

async function startThreads(): Promise<Bun.Subprocess<"ignore", "pipe", "inherit">> {
  const child = Bun.spawn([threads], { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  for await (const _ of child.stdout) break;
  expect(readdirSync(`/proc/${child.pid}/task`)).toHaveLength(6);
  return child;
}

const ticksOf = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[13]);

describe("a traced process", () => {
  test("runs another program under its own pid, and its parent sees that one's end", async () => {
    const child = await startThreads();
    const tracee = new Tracee(child.pid);
    const script = 'test "$KEPT" = "two words" && test $$ = "$1" && test "$0" = "a name" && exit 7';
    tracee.execute("/bin/sh", {
      argv: ["/bin/sh", "-c", script, "a name", String(child.pid)],
      env: ["KEPT=two words"],
      keep: [],
    });
    tracee.letGo();
    expect(await child.exited).toBe(7);
  });

  test("keeps the descriptors that are to be kept", async () => {
    const child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "pipe", "inherit"] });
    running.push(child);
    await Bun.sleep(50);
    const tracee = new Tracee(child.pid);
    tracee.execute("/bin/echo", { argv: ["echo", "from the deputy"], env: [], keep: [1] });
    tracee.letGo();
    expect(await new Response(child.stdout).text()).toBe("from the deputy\n");
  });

  test("begins with all signals blocked, so that none is lost", async () => {
    const child = Bun.spawn(["sleep", "60"]);
    running.push(child);
    await Bun.sleep(50);
    const tracee = new Tracee(child.pid);
    child.kill("SIGTERM");
    tracee.execute("/bin/sleep", { argv: ["sleep", "60"], env: [], keep: [] });
    tracee.letGo();
    await Bun.sleep(50);
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    expect(/^ShdPnd:\t(\w+)$/m.exec(status)?.[1]).toBe("0000000000004000");
    expect(child.exitCode).toBeNull();
  });

  test("is given back unharmed where the program cannot be run", async () => {
    const child = await startThreads();
    const tracee = new Tracee(child.pid);
    const before = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    expect(() => tracee.execute("/no/such/program", { argv: ["x"], env: [], keep: [] })).toThrow(
      /^Cannot run a deputy in process/,
    );
    tracee.release();
    expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toBe(before);
    const ticks = ticksOf(child.pid);
    await Bun.sleep(300);
    expect(ticksOf(child.pid)).toBeGreaterThan(ticks);
    child.kill("SIGTERM");
    await child.exited;
    expect(child.signalCode).toBe("SIGTERM");
  });
});

test("an injector gives up where a process does not stop, and its end lets the process go", async () => {
  const program = programs.compile("vfork", ["test/jobs/vfork.c"], "small");
  const child = Bun.spawn([program], { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  let inner = 0;
  for await (const words of child.stdout) {
    inner = Number(Buffer.from(words).toString());
    break;
  }
  const injector = new Injector({ command: INJECTOR });
  const given = { program: "/bin/false", argv: ["false"], env: [], keep: [], others: [] };
  const injecting = injector.inject({ pid: child.pid, group: "/dev/null", ...given });
  await expect(injecting).rejects.toThrow(
    /^Cannot trace process \d+: it waits in the kernel, and does not stop$/,
  );
  const tracer = () => /^TracerPid:\t(\d+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  while (tracer() !== "0") await Bun.sleep(5);
  process.kill(inner, "SIGKILL");
  expect(await child.exited).toBe(0);
});

test("an injector gives a process back that may not run, for its control group is frozen", async () => {
  const groups = new Groups();
  const child = await startThreads();
  const group = join(groups.path, `frozen-${child.pid}`);
  mkdirSync(group);
  writeFileSync(join(group, "cgroup.freeze"), "1");
  const before = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
  const injector = new Injector({ command: INJECTOR });
  const given = { program: "/bin/false", argv: ["false"], env: [], keep: [], others: [] };
  const injecting = injector.inject({ pid: child.pid, group: join(group, "cgroup.procs"), ...given });
  await expect(injecting).rejects.toThrow(/^Cannot trace process \d+: it stands still/);
  writeFileSync(join(group, "cgroup.freeze"), "0");
  const ticks = ticksOf(child.pid);
  await until(() => ticksOf(child.pid) > ticks);
  expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toBe(before);
  child.kill("SIGTERM");
  await child.exited;
  expect(child.signalCode).toBe("SIGTERM");
  rmdirSync(group);
  groups.remove();
});

test("an injector that was stopped is sent on, and does its work", async () => {
  const child = await startThreads();
  let pid = 0;
  const injector = new Injector({
    ...{ command: INJECTOR, patience: 3_000 },
    started: (started) => {
      pid = started;
    },
  });
  injector.prepare();
  process.kill(pid, "SIGSTOP");
  const given = { argv: ["sh", "-c", "exit 9"], env: [], keep: [], others: [] };
  await injector.inject({ pid: child.pid, group: "/dev/null", program: "/bin/sh", ...given });
  expect(await child.exited).toBe(9);
  injector.stop();
});
