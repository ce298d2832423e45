/** A guest goes on from node 2 to node 3, and something is killed at each step of that, or a node's power fails. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { JOB_PATHS, JOB_PROGRAMS } from "../../../cluster/jobs/paths.ts";
import { listOptional, readOptional } from "../../../system/files.ts";
import { reason } from "../../../system/log.ts";
import { kill } from "../../jobs/trial/lab-node.ts";
import { addressOf, NUMBERS, ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { until } from "../../lib/until.ts";
import { copyCount } from "../count.ts";
import { CountJob } from "./count-job.ts";
import { HeldCriu } from "./held-criu.ts";

/** In "committing" node 2 does not know yet that node 3 has the copy, and in "releasing" node 3 not that node 2 has none. */
const STEPS = ["dumping", "restoring", "committing", "releasing"] as const;
type Step = (typeof STEPS)[number];
type GuestNode = 2 | 3;
const BOTH: readonly GuestNode[] = [2, 3];
const LAST_LINES = 20;

let folder = "";
let count = "";
let held: HeldCriu;
let nodes: ThreeNodes;
let job: CountJob;
let jobs = 0;
let stopped: number[] = [];
let end: Promise<string> = Promise.resolve("");

beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/onward-");
  count = join(folder, "count/criu");
  mkdirSync(join(folder, "count"));
  held = new HeldCriu(folder, process.env["CRIU"] ?? count);
  nodes = await ThreeNodes.start(held.path, true);
  copyCount(nodes, count);
}, 120_000);
afterEach(async () => {
  release();
  await end;
  for (const node of BOTH) if (!nodes.node(node).isOn) await nodes.powerOn(node);
});
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const wordsOf = (pid: number) => (readOptional(`/proc/${pid}/cmdline`) ?? "").split("\0");
const isGuest = ([program]: readonly string[]) => program === count;
const pidsOn = (node: GuestNode, is: (words: readonly string[]) => boolean) =>
  nodes.node(node).pids.filter((pid) => is(wordsOf(pid)));
/** nsenter(1) has the words of the criu that it starts. */
const isCriu = (words: readonly string[], verb: string) =>
  words[0] !== "nsenter" && words.some((word, at) => word.endsWith("/criu") && words[at + 1] === verb);

function filesOf(node: 1 | GuestNode, place: "awayRecords" | "guestRecords" | "guests"): string[] {
  const path = nodes.node(node).root + JOB_PATHS[place];
  return listOptional(path).map((name) => readOptional(join(path, name)) ?? name);
}

/** What a node has of guests. */
const leftOn = (node: GuestNode) => [
  ...filesOf(node, "guests"),
  ...filesOf(node, "guestRecords"),
  ...pidsOn(node, (words) => isGuest(words) || words[0] === JOB_PROGRAMS.supervisor),
];

function stop(pid: number): void {
  process.kill(pid, "SIGSTOP");
  stopped.push(pid);
}

function go(pid: number): void {
  stopped = stopped.filter((each) => each !== pid);
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // ESRCH: it was killed.
  }
}

function release(): void {
  held.letAll();
  for (const pid of stopped) go(pid);
}

/** Starts a job, moves it to node 2, and sends it on; resolves when that has come to the step, and stays there. */
async function holdAt(step: Step): Promise<void> {
  for (const node of NUMBERS) await until(() => nodes.node(node).listens);
  jobs += 1;
  job = new CountJob(nodes.node(1), count, join(folder, `output.${jobs}`), 0);
  await job.goesOn();
  await nodes.migrate(job.pid, "2");
  await job.goesOn();
  held.hold(step === "dumping" ? "dump" : "restore");
  end = nodes.migrate(job.pid, "3").then(() => "", reason);
  if (step === "dumping") return void (await until(() => pidsOn(2, (it) => isCriu(it, "dump")).length > 0));
  await until(() => held.restores && pidsOn(3, (words) => isCriu(words, "restore")).length > 0);
  if (step === "restoring") return;
  const { daemon } = nodes.node(2);
  stop(daemon);
  held.let("restore");
  await until(() => filesOf(3, "guestRecords").some((text) => text.includes('"stage":"waits"')));
  if (step === "committing") return;
  stop(nodes.node(3).daemon);
  go(daemon);
  await until(() => pidsOn(2, isGuest).length === 0);
}

/** The job goes on, once, where its home says; and it ends as at home. */
async function endsRight(): Promise<void> {
  await job.goesOn();
  const places = () => BOTH.filter((node) => pidsOn(node, isGuest).length > 0);
  await until(() => {
    const [record = ""] = filesOf(1, "awayRecords");
    const [place, ...more] = places();
    return place !== undefined && more.length === 0 && record.includes(`"node":"${addressOf(place)}"`);
  });
  await job.endRight();
  await until(() => BOTH.every((node) => !nodes.node(node).isOn || leftOn(node).length === 0));
}

async function explained(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    release();
    const left = BOTH.map((node) => `node ${node} has ${leftOn(node).join(", ")}`).join("\n");
    throw new Error(`${reason(error)}\nmove: ${await end}\n${left}\n${nodes.said(LAST_LINES)}`);
  }
}

const KILLS: { readonly [what: string]: () => void } = {
  "the daemon of the home": () => nodes.node(1).killDaemon(),
  "the daemon of the node that sends": () => nodes.node(2).killDaemon(),
  "the daemon of the node that takes": () => nodes.node(3).killDaemon(),
  "what dumps and restores": () => {
    for (const node of BOTH)
      for (const verb of ["dump", "restore"])
        for (const pid of pidsOn(node, (it) => isCriu(it, verb))) kill(pid);
  },
  "the supervisor on the node that takes": () => {
    for (const pid of pidsOn(3, ([program]) => program === JOB_PROGRAMS.supervisor)) kill(pid);
  },
  "the daemons of both nodes": () => {
    for (const node of BOTH) nodes.node(node).killDaemon();
  },
  "each connection of the node that sends": () => nodes.killLinks(2),
  "each connection of the home": () => nodes.killLinks(1),
};

test.each(
  Object.entries(KILLS).flatMap(([what, kills]) =>
    // Node 3 has no supervisor before there are images.
    STEPS.filter((step) => step !== "dumping" || !what.includes("supervisor")).map(
      (step) => [what, step, kills] as const,
    ),
  ),
)(
  "%s is killed while a guest goes on, in %s: the job goes on once, and ends as at home",
  async (_, step, kills) =>
    await explained(async () => {
      await holdAt(step);
      kills();
      release();
      await endsRight();
    }),
);

test.each(STEPS.slice(0, 2))(
  "the power of the next node fails in %s: the guest goes on where it was",
  async (step) =>
    await explained(async () => {
      await holdAt(step);
      await nodes.powerOff(3);
      release();
      expect(await end).not.toBe("");
      await endsRight();
    }),
);

test("the power of the next node fails in committing: the guest goes on where it was, or is lost where node 2 has heard of the copy", async () =>
  await explained(async () => {
    await holdAt("committing");
    await nodes.powerOff(3);
    release();
    if ((await end) !== "") return await endsRight();
    expect(await job.end()).toBe("SIGKILL");
    expect(nodes.node(1).said).toContain(
      `job ${job.pid} (criu) was on ${addressOf(3)} and is lost: its node is dead`,
    );
  }));

test("the power of the node that sends fails in releasing: the guest goes on, on the next node", async () =>
  await explained(async () => {
    await holdAt("releasing");
    await nodes.powerOff(2);
    release();
    await endsRight();
  }));
