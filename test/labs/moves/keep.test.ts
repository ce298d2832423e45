import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readOptional } from "../../../system/files.ts";
import { CRIU } from "./node-pair.ts";
import { ThreeNodes } from "./three-nodes.ts";

let nodes: ThreeNodes;
let work = "";
let expected = "";
beforeAll(async () => {
  nodes = await ThreeNodes.start(CRIU);
  work = nodes.compile("work", "test/jobs/trial/work.c");
  expected = Bun.spawnSync([work, "60", "1", "7", "job"]).stdout.toString();
}, 60_000);
afterAll(async () => await nodes.stop());

const out = () => join(nodes.folder, "out");

/** A job of node 1 that goes to node 2 and has written there; resolves with its end at home. */
async function start(command: string): Promise<{ readonly ended: Promise<number> }> {
  const shell = Bun.spawn(nodes.on(1, "sh", "-c", `(${command}) </dev/null >${out()} 2>/dev/null`), {
    stdio: ["ignore", "ignore", "ignore"],
  });
  const deadline = performance.now() + 60_000;
  while (!/job 9\n/.test(readOptional(out()) ?? "") && performance.now() < deadline) await Bun.sleep(50);
  return { ended: shell.exited };
}

describe("a job that is kept, whose node dies,", () => {
  test("begins anew from its image at home, and has its result", async () => {
    const mosrun = nodes.compile("mosrun", "assets/mosrun/mosrun.c");
    const { ended } = await start(`${mosrun} --keep -2 ${work} 60 1 7 job; exit $?`);
    expect((await nodes.clump(2, "clump", "jobs")).said).toContain("of 1");
    await nodes.powerOff(2);
    expect(await ended).toBe(7);
    // Of the file that its shell shares with it, all since the image is there twice.
    expect(readFileSync(out(), "utf8")).toEndWith(expected);
    expect(readFileSync(out(), "utf8").split("\n").length).toBeGreaterThan(expected.split("\n").length);
    // Forgotten by then.
    await Bun.sleep(2_500);
    expect((await nodes.clump(1, "clump", "jobs")).said).toContain("no process");
    expect(Bun.spawnSync(nodes.on(1, "ls", "-A", "/run/clump/jobs/kept")).stdout.toString()).toBe("");
  }, 150_000);
});
