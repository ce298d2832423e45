import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childrenOf } from "../../probes/processes/process.ts";
import { freePort } from "../lib/port.ts";
import { until } from "../lib/until.ts";
import { Programs } from "./compile.ts";

const DAEMON = [process.execPath, "test/jobs/woken.ts"];

const programs = new Programs();
let [program, small] = ["", ""];
let folder = "";
let door = 0;
let started: Bun.Subprocess<"ignore", "ignore", "inherit"> | undefined;

beforeAll(() => {
  [program, small] = [programs.deputy("sanitized"), programs.deputy("small")];
});
afterAll(() => programs.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wake-"));
  door = freePort();
});
afterEach(async () => {
  started?.kill("SIGTERM");
  await started?.exited;
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when it is ready. */
async function start(which = program): Promise<Bun.Subprocess> {
  const words = [`mfs=${folder}/mfs`, `door=${door}`, `commands=${folder}/jobs/commands`];
  const more = [`used=${folder}/used`, "ready=3", "--", ...DAEMON];
  const child = Bun.spawn([programs.named(which, "clump-wake"), ...words, ...more], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  started = child as typeof started;
  const ready = await Bun.file(child.stdio[3] as number).text();
  expect(ready).toBe("\n");
  return child;
}

/** What comes back from there: a pid, the name of the socket and the same line. */
function say(line: string, to: "door" | "commands"): Promise<string> {
  const socket = to === "door" ? connect(door, "127.0.0.1") : connect(join(folder, "jobs/commands"));
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString();
  });
  socket.on("error", () => resolve("error"));
  socket.on("close", () => resolve(heard));
  socket.write(`${line}\n`);
  return promise;
}

const mounts = () => readFileSync("/proc/mounts", "utf8").split(` ${folder}/mfs autofs `).length - 1;

async function look(name: string): Promise<number> {
  return await Bun.spawn(["ls", join(folder, "mfs", name)], { stdio: ["ignore", "ignore", "ignore"] }).exited;
}

test("before the first use one process holds less than 3 MB, and no look at /mfs itself starts another", async () => {
  const { pid } = await start(small);
  expect(readdirSync(join(folder, "mfs")).sort()).toEqual(["here", "home"]);
  expect(existsSync(join(folder, "mfs/.git"))).toBe(false);
  await Bun.sleep(200);
  const pss = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  expect(childrenOf("", pid)).toEqual([]);
  expect(Number(pss)).toBeGreaterThan(0);
  expect(Number(pss)).toBeLessThan(3_000);
});

test.each(["door", "commands"] as const)(
  "the first to come to %s starts the daemon, which answers all who come meanwhile and later",
  async (to) => {
    const { pid } = await start();
    const first = await Promise.all([say("a", to), say("b", "door"), say("c", "commands")]);
    const [daemon] = childrenOf("", pid);
    expect(first).toEqual([`${daemon} ${to} a\n`, `${daemon} door b\n`, `${daemon} commands c\n`]);
    expect(await say("d", to)).toBe(`${daemon} ${to} d\n`);
    expect(childrenOf("", pid)).toEqual([daemon!]);
  },
);

test("the first look at a node below /mfs starts the daemon, and gets its answer", async () => {
  const { pid } = await start();
  expect(await look("1/proc")).toBe(0);
  expect(await look("2")).not.toBe(0);
  // Whoever has mounted ends a moment later.
  await until(() => childrenOf("", pid).length === 1, { within: 5 });
});

test("where moves were used before, the daemon starts at once, and opens its sockets itself", async () => {
  mkdirSync(join(folder, "used"));
  const { pid } = await start();
  expect(childrenOf("", pid)).toHaveLength(1);
  expect([await say("a", "door"), await say("a", "commands")]).toEqual(["error", "error"]);
  expect(await look("1/proc")).toBe(0);
});

test("it ends as the daemon ends, with the same status, and takes /mfs with it", async () => {
  const child = await start();
  await say("end", "commands");
  expect(await child.exited).toBe(7);
  expect(mounts()).toBe(0);
});

test("SIGHUP is ignored, and SIGTERM ends the daemon too", async () => {
  const child = await start();
  const daemon = Number.parseInt(await say("a", "door"), 10);
  child.kill("SIGHUP");
  expect(await say("b", "door")).toBe(`${daemon} door b\n`);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  expect(existsSync(`/proc/${daemon}`)).toBe(false);
  expect(mounts()).toBe(0);
});

test("the daemon does not outlive it, and the next one takes its place", async () => {
  const child = await start();
  const daemon = Number.parseInt(await say("a", "door"), 10);
  child.kill("SIGKILL");
  await child.exited;
  await until(() => !existsSync(`/proc/${daemon}`), { within: 5 });
  await start();
  expect(mounts()).toBe(1);
  expect(await say("b", "door")).toEndWith(" door b\n");
});

test("a taken port ends it", async () => {
  using taken = Bun.listen({ hostname: "0.0.0.0", port: door, socket: { data: () => {} } });
  const words = [`mfs=${folder}/mfs`, `door=${taken.port}`, `commands=${folder}/commands`, "--", ...DAEMON];
  const child = Bun.spawn([programs.named(program, "clump-wake"), ...words], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  expect(await new Response(child.stderr).text()).toBe(
    `Cannot open the door of the tunnel on port ${door}: Address already in use\n`,
  );
  expect(await child.exited).toBe(1);
  expect(mounts()).toBe(0);
});
