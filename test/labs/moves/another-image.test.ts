/** A node that runs another image than the home of its guest: the guest has /usr of its home. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readLink } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { must } from "../../jobs/trial/lab-node.ts";
import { NUMBERS, ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { copyCount } from "../count.ts";
import { CountJob } from "../steps/count-job.ts";

/** A folder that each node has for itself: with a file that says whose it is, and at home with a program. */
const FOLDER = "/usr/games";
const MARK = join(FOLDER, "mark");
const PROGRAM = join(FOLDER, "count");

let folder: string;
let nodes: ThreeNodes;

beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/images-");
  const criu = join(folder, "criu");
  nodes = await ThreeNodes.start(criu, true, (node) => (node === 2 ? "newer" : "trial"));
  copyCount(nodes, criu);
  for (const node of NUMBERS)
    must(nodes.on(node, "sh", "-c", `mount -t tmpfs own ${FOLDER}; echo ${node} >${MARK}`));
  must(nodes.on(1, "cp", criu, PROGRAM));
}, 60_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function guestOn(node: 2 | 3, program: string): number {
  const isGuest = (pid: number) => (readOptional(`/proc/${pid}/cmdline`) ?? "").startsWith(`${program}\0`);
  const pid = nodes.node(node).pids.find(isGuest);
  if (pid === undefined) throw new Error(`no ${program} runs on node ${node}`);
  return pid;
}

const markOf = (pid: number) => readFileSync(`/proc/${pid}/root${MARK}`, "utf8");

test("a guest whose node runs another image has /usr of its home, where its program is, and ends as at home", async () => {
  const job = new CountJob(nodes.node(1), PROGRAM, join(folder, "output.1"), 0);
  await job.goesOn();
  await nodes.migrate(job.pid, "2");
  await job.goesOn();
  const guest = guestOn(2, PROGRAM);
  expect(markOf(guest)).toBe("1\n");
  expect(readLink(`/proc/${guest}/exe`)).toBe(PROGRAM);
  await job.endRight();
});

test("a guest whose node runs the same image has /usr of that node", async () => {
  const program = join(folder, "criu");
  const job = new CountJob(nodes.node(1), program, join(folder, "output.2"), 0);
  await job.goesOn();
  await nodes.migrate(job.pid, "3");
  await job.goesOn();
  expect(markOf(guestOn(3, program))).toBe("3\n");
  await job.endRight();
});

test("a guest goes on between nodes of different images, and comes home", async () => {
  const job = new CountJob(nodes.node(1), join(folder, "criu"), join(folder, "output.3"), 0);
  await job.goesOn();
  for (const place of ["3", "2", "3", "home"]) {
    await nodes.migrate(job.pid, place);
    await job.goesOn();
  }
  await job.endRight();
});
