/** criu(8) that gets no further at some moment of a dump. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DUMP_LOG, dumpCommand } from "../../../cluster/migration/criu.ts";
import { Freezer } from "../../../cluster/migration/freezer.ts";
import { CriuHangs, runCriu } from "../../../cluster/migration/run-criu.ts";
import { treeOf } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { Programs } from "../../jobs/compile.ts";
import { Groups } from "../../jobs/groups.ts";
import { copyCriu } from "./criu.ts";

const MOST_ROUNDS = 8;
/** 50 ms each: longer than all dumps. */
const STEPS = 300;
/** A criu that has been stopped writes nothing any more. */
const PATIENCE_MILLISECONDS = 1_000;
/** A dump has the processes for some 50 ms, or more beside other work. */
const STOP_MILLISECONDS = 10;
const LEAST_ROUNDS = 3;

const programs = new Programs();
const groups = new Groups();
const folder = mkdtempSync("/var/tmp/hangs-");
let criu = "";
beforeAll(async () => {
  criu = await copyCriu(join(folder, "criu"));
}, 120_000);
afterAll(() => {
  groups.remove();
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A process that computes, and beside it one with threads; it ends with the status of the first. */
function start(name: string): Bun.Subprocess {
  const work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  const threads = programs.compile("threads", ["test/jobs/threads.c"], "small");
  const script = `${threads} & ${work} ${STEPS} 10 7 work 64 >${join(folder, name)}; code=$?; kill $!; exit $code`;
  return Bun.spawn(["setsid", "sh", "-c", script], { stdio: ["ignore", "ignore", "ignore"] });
}

/** Dumps a frozen tree, with a criu that stops for ever so many milliseconds after it has all threads of the tree. */
async function dump(pid: number, images: string, stopAfter: number): Promise<void> {
  mkdirSync(images);
  const freezer = new Freezer(groups.path, pid);
  await freezer.freeze();
  const command = dumpCommand(criu, { of: pid, images, group: freezer.folder });
  const dumping = runCriu(command, join(images, DUMP_LOG), { patience: PATIENCE_MILLISECONDS });
  let isOver = false;
  void dumping
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  // What criu traces stands still also in a group that does not.
  while (freezer.isFrozen() && !isOver) await Bun.sleep(1);
  await Bun.sleep(stopAfter);
  const isCriu = (each: number) => readOptional(`/proc/${each}/cmdline`)?.includes(images);
  for (const each of treeOf("", process.pid).filter(isCriu)) process.kill(each, "SIGSTOP");
  await dumping.finally(async () => await freezer.release());
}

/** Whether a dump of that round was given up; it has ended before its criu was stopped otherwise. */
async function hangs(pid: number, round: number): Promise<boolean> {
  try {
    await dump(pid, join(folder, String(round)), round * STOP_MILLISECONDS);
    return false;
  } catch (error) {
    if (error instanceof CriuHangs) return true;
    throw error;
  }
}

/** The threads of a tree that are traced or stopped. */
function held(pid: number): string[] {
  const threads = treeOf("", pid).flatMap((each) =>
    readdirSync(`/proc/${each}/task`).map((thread) => `/proc/${each}/task/${thread}/status`),
  );
  return threads.filter((path) => /^(State:\t[tT]|TracerPid:\t[1-9])/m.test(readFileSync(path, "utf8")));
}

test("a tree of processes runs on unharmed, whenever in its dump that is", async () => {
  const undisturbed = start("undisturbed");
  const child = start("disturbed");
  await Bun.sleep(1_000);
  let rounds = 0;
  // A dump that ends sooner than it would be stopped has been stopped at all of its moments.
  while (rounds < MOST_ROUNDS && (await hangs(child.pid, rounds))) {
    expect([rounds, held(child.pid)]).toEqual([rounds, []]);
    rounds += 1;
  }
  expect(rounds).toBeGreaterThanOrEqual(LEAST_ROUNDS);
  expect(await child.exited).toBe(7);
  expect(await undisturbed.exited).toBe(7);
  expect(readFileSync(join(folder, "disturbed"), "utf8")).toBe(
    readFileSync(join(folder, "undisturbed"), "utf8"),
  );
}, 120_000);
