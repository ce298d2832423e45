/** Eight jobs move among three nodes at random, while daemons, connections and what dumps and restores are killed. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Load } from "../../jobs/trial/load.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { createRandom } from "../../lib/random.ts";
import { copyCount } from "../count.ts";

const MOVES = 100;
/** A failure names it: SEED= repeats the choices, though not the moments. */
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
/** A move takes about half of it. */
const KILL_MILLISECONDS = 100;

let folder: string;
let nodes: ThreeNodes;

beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/random-");
  nodes = await ThreeNodes.start(join(folder, "criu"), true);
  copyCount(nodes, join(folder, "criu"));
}, 60_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("after 100 moves with kills no job is lost, none has a line twice, and each ends with its status", async () => {
  const job = [join(folder, "criu"), "200", "5", "0", "0000000000", "2166136261"];
  const load = new Load(nodes, { job, random: createRandom(SEED), killWithin: KILL_MILLISECONDS });
  const isRight = await load.run((tried) => tried >= MOVES);
  if (!isRight) throw new Error([`SEED=${SEED}`, load.report(), nodes.said()].join("\n"));
  expect(isRight).toBe(true);
}, 400_000);
