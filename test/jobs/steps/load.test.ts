/** Eight jobs move among three nodes at random, while daemons, connections and what dumps and restores are killed. */

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../lib/random.ts";
import { Programs } from "../compile.ts";
import { Load } from "../trial/load.ts";
import { NUMBERS, ThreeNodes } from "../trial/three-nodes.ts";

const MOVES = 40;
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
/** A move takes about half of it. */
const KILL_MILLISECONDS = 100;

test("40 moves with kills: no job is lost, none has a line twice, and each ends with its status", async () => {
  // The same program writes and restores its processes: criu(8) cannot run on every kernel.
  const folder = mkdtempSync("/var/tmp/load-");
  const programs = new Programs();
  const criu = join(folder, "criu");
  Bun.spawnSync(["cp", programs.compile("count", ["test/jobs/trial/count.c"], "small"), criu]);
  programs.remove();
  const nodes = await ThreeNodes.start(criu, true);
  try {
    const job = [criu, "100", "5", "0", "0000000000", "2166136261"];
    const load = new Load(nodes, { job, random: createRandom(SEED), killWithin: KILL_MILLISECONDS });
    const isRight = await load.run((tried) => tried >= MOVES);
    console.log(`SEED=${SEED}: ${load.report()}`);
    if (!isRight) for (const node of NUMBERS) console.log(`node ${node}:\n${nodes.node(node).said}`);
    expect(isRight).toBe(true);
  } finally {
    await nodes.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
