/** What a shell and a parent see of a job that moves, and what the job sees of them, with criu(8) itself. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOptional } from "../../../system/files.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { until } from "../../lib/until.ts";
import { copyCriu } from "../cluster/criu.ts";

/** As of bash, of which a number above 31 is SIGRTMIN and more: a signal that the kernel queues. */
const QUEUED = 40;
const LAST = 64;
/** So many signals come while the job moves, with the pauses of a script. */
const SENT = 150;

let folder = "";
let nodes: ThreeNodes;
let signals = "";
let parent = "";
let work = "";
let runs = 0;
beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/shell-");
  nodes = await ThreeNodes.start(await copyCriu(join(folder, "criu")), true);
  signals = nodes.compile("signals", "test/jobs/trial/signals.c");
  parent = nodes.compile("parent", "test/jobs/trial/parent.c");
  work = nodes.compile("work", "test/jobs/trial/work.c");
}, 120_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script of bash on node 1; what it writes is in `out`. */
function run(script: string) {
  runs += 1;
  const out = join(folder, `out.${runs}`);
  const command = nodes.onAlone(1, "bash", "-c", `exec </dev/null >"$0" 2>&1; ${script}`, out);
  return { out, shell: Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] }) };
}

const read = (out: string) => readOptional(out) ?? "";

async function pidOf(pattern: RegExp): Promise<number> {
  const find = () =>
    nodes
      .node(1)
      .pids.find((pid) =>
        pattern.test((readOptional(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim()),
      );
  await until(() => find() !== undefined);
  return find()!;
}

test("each signal comes once, whenever in a move it is sent, with an alarm and one that was blocked", async () => {
  const { out, shell } = run(`${signals} 60; echo status $?`);
  await until(() => read(out).includes("ready"));
  const pid = await pidOf(/signals 60$/);
  const send = `for n in {1..${SENT}}; do kill -${QUEUED} ${pid}; sleep 0.004; done`;
  const sending = Bun.spawn(["bash", "-c", send], { stdio: ["ignore", "ignore", "ignore"] });
  for (const place of ["2", "3", "home"]) await nodes.migrate(pid, place);
  expect(await sending.exited).toBe(0);
  for (const name of ["USR1", "HUP", "INT", "WINCH", "QUIT", "CHLD", "TERM", "RTMIN+1"])
    Bun.spawnSync(["bash", "-c", `kill -${name} ${pid}; sleep 0.1`]);
  process.kill(pid, LAST);
  await shell.exited;
  const once = [1, 2, 3, 10, 12, 14, 15, 17, 28, 35].map((number) => `${number} x 1\n`);
  expect(read(out)).toBe(["ready\n", ...once, `${QUEUED} x ${SENT}\n`, "64 x 1\n", "status 7\n"].join(""));
}, 60_000);

test("a parent with a handler of SIGCHLD sees one event, the end", async () => {
  const { out, shell } = run(`${parent} ${work} 40 1 7 child`);
  const pid = await pidOf(/work 40 1 7 child$/);
  for (const place of ["2", "3"]) await nodes.migrate(pid, place);
  await shell.exited;
  expect(read(out)).toEndWith("event 1 7\n1 signals\n");
}, 60_000);

test("a writer whose reader has ended gets SIGPIPE, and so sees its shell", async () => {
  const { out, shell } = run(`${work} 200 1 7 pipe | (sleep 2; head -3); echo \${PIPESTATUS[@]}`);
  await nodes.migrate(await pidOf(/work 200 1 7 pipe$/), "2");
  await shell.exited;
  expect(read(out)).toBe("pipe 0\npipe 1\npipe 2\n141 0\n");
}, 60_000);

test("a guest that is killed on its node has ended so for its shell", async () => {
  const { out, shell } = run(`${work} 2000 1 7 killed >/dev/null; echo status $?`);
  await nodes.migrate(await pidOf(/work 2000 1 7 killed$/), "2");
  const guest = nodes
    .node(2)
    .pids.find((pid) => (readOptional(`/proc/${pid}/cmdline`) ?? "").startsWith(`${work}\0`));
  process.kill(guest!, "SIGKILL");
  await shell.exited;
  expect(read(out)).toMatch(/status 137\n$/);
}, 60_000);
