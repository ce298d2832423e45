/** mosrun --keep: a job whose node dies is started again from its last image, with criu(8) itself. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { JOB_PATHS } from "../../../cluster/jobs/paths.ts";
import { childrenOf } from "../../../probes/processes/process.ts";
import { listOptional, readOptional } from "../../../system/files.ts";
import { type NodeNumber, ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { until } from "../../lib/until.ts";
import { copyCriu } from "../cluster/criu.ts";

/** 50 ms or more each. */
const STEPS = "80";

let folder = "";
let nodes: ThreeNodes;
let mosrun = "";
let work = "";
let expected = "";
let jobs = 0;
beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/keep-");
  nodes = await ThreeNodes.start(await copyCriu(join(folder, "criu")), true);
  mosrun = nodes.compile("mosrun", "assets/mosrun/mosrun.c");
  work = nodes.compile("work", "test/jobs/trial/work.c");
  expected = Bun.spawnSync([work, STEPS, "1", "7", "job"]).stdout.toString();
}, 120_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A job of node 1 that mosrun starts with these options, and that has written some lines. */
async function start(...options: readonly string[]) {
  jobs += 1;
  const out = join(folder, `out.${jobs}`);
  // The shell shares the file: all since the image is there twice.
  const script = `"$@" </dev/null >"${out}" 2>&1; exit $?`;
  const words = [mosrun, "--keep", ...options, work, STEPS, "1", "7", "job"];
  const shell = Bun.spawn(nodes.onAlone(1, "sh", "-c", script, "sh", ...words), {
    stdio: ["ignore", "ignore", "ignore"],
  });
  await until(() => /job 9\n/.test(readOptional(out) ?? ""));
  const [child = 0] = childrenOf("", shell.pid);
  return { out, shell, pid: child };
}

/** How often a line is in the file. */
const times = (out: string, line: string) => readFileSync(out, "utf8").split(`${line}\n`).length - 1;

async function isForgotten(): Promise<void> {
  await until(async () => (await nodes.clump(1, "clump", "jobs")).said.includes("no process"));
  expect(listOptional(nodes.node(1).root + JOB_PATHS.kept)).toEqual([]);
}

/** The power of the guest's node fails, and the job ends at home, with the status that its shell waits for. */
async function endsRight(node: NodeNumber, shell: Bun.Subprocess, out: string): Promise<void> {
  expect((await nodes.clump(node, "clump", "jobs")).said).toContain("of 1");
  await nodes.powerOff(node);
  expect(await shell.exited).toBe(7);
  // What has been computed since the image is right: the last line tells of every step before.
  expect(readFileSync(out, "utf8").split("\n").at(-2)).toBe(expected.split("\n").at(-2)!);
  await isForgotten();
}

test("a program that mosrun started on the node that dies begins anew at home", async () => {
  const { shell, out } = await start("-2");
  await endsRight(2, shell, out);
  expect(readFileSync(out, "utf8")).toEndWith(expected);
  expect(times(out, "job 5")).toBe(2);
  await nodes.powerOn(2);
}, 120_000);

test("a program that ran at home first goes on from there, though its guest has gone on to a third node", async () => {
  const { pid, shell, out } = await start("-h");
  await nodes.migrate(pid, "2");
  await nodes.migrate(pid, "3");
  await until(() => times(out, "job 40") > 0);
  await endsRight(3, shell, out);
  expect([times(out, "job 5"), times(out, "job 40")]).toEqual([1, 2]);
}, 120_000);
