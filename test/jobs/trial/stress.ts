/**
 * Moves eight jobs among three nodes of this machine, at random, while daemons, criu(8) and connections are killed. As
 * root: CRIU=PATH bun test/jobs/trial/stress.ts [--moves 300] [--seed N] [--steps N] [--no-kills] [--count]. Each job
 * must end as at home, with nothing lost, doubled or wrong, and with a shell that has seen nothing of it.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../lib/random.ts";
import { Programs } from "../compile.ts";
import { must } from "./lab-node.ts";
import { Load } from "./load.ts";
import { CRIU, ThreeNodes } from "./three-nodes.ts";

const { values } = parseArgs({
  options: {
    moves: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    steps: { type: "string", default: "400" },
    "no-kills": { type: "boolean", default: false },
    // count.c in place of criu(8): its moves are ten times as quick, and kills hit other moments.
    count: { type: "boolean", default: false },
  },
});

/** A move takes about half of it. */
const killWithin = values.count ? 100 : 800;

// First: whoever ends a trial that hangs can repeat it.
console.log(`seed ${values.seed}`);
const started = performance.now();
const programs = new Programs();
const count = values.count ? join(mkdtempSync("/var/tmp/count-"), "criu") : undefined;
if (count !== undefined) must(["cp", programs.compile("count", ["test/jobs/trial/count.c"], "small"), count]);
programs.remove();
const nodes = await ThreeNodes.start(count ?? CRIU);
const load = new Load(nodes, {
  job:
    count === undefined
      ? [nodes.compile("work", "test/jobs/trial/work.c"), values.steps, "4", "5", "job"]
      : [count, values.steps, "5", "0", "0000000000", "2166136261"],
  ...{
    random: createRandom(Number(values.seed)),
    killWithin: values["no-kills"] ? undefined : killWithin,
  },
});
let isRight = false;
try {
  isRight = await load.run((tried) => tried >= Number(values.moves));
} finally {
  console.log(load.report());
  if (!isRight) console.log(nodes.said());
  console.log(`${Math.round((performance.now() - started) / 1_000)} s`);
  if (process.env["KEEP"] !== undefined && !isRight) await Bun.sleep(10 ** 9);
  await nodes.stop();
  if (count !== undefined) rmSync(dirname(count), { recursive: true, force: true });
}
process.exit(isRight ? 0 : 1);
