/**
 * Moves eight jobs among three nodes of this machine, at random, while daemons, criu(8) and connections are killed. As
 * root: CRIU=PATH bun test/jobs/trial/stress.ts [--moves 300] [--seed N] [--steps N] [--no-kills]. Each job must end as
 * at home, with nothing lost, doubled or wrong, and with a shell that has seen nothing of it.
 */

import { parseArgs } from "node:util";
import { createRandom } from "../../lib/random.ts";
import { Load } from "./load.ts";
import { CRIU } from "./node-pair.ts";
import { ThreeNodes } from "./three-nodes.ts";

const { values } = parseArgs({
  options: {
    moves: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    steps: { type: "string", default: "400" },
    "no-kills": { type: "boolean", default: false },
  },
});

/** A move by criu(8) takes about half of it. */
const KILL_MILLISECONDS = 800;

// First: whoever ends a trial that hangs can repeat it.
console.log(`seed ${values.seed}`);
const started = performance.now();
const nodes = await ThreeNodes.start(CRIU);
const load = new Load(nodes, {
  job: [nodes.compile("work", "test/jobs/trial/work.c"), values.steps, "4", "5", "job"],
  ...{
    random: createRandom(Number(values.seed)),
    killWithin: values["no-kills"] ? undefined : KILL_MILLISECONDS,
  },
});
let isRight = false;
try {
  isRight = await load.run((tried) => tried >= Number(values.moves));
} finally {
  console.log(load.report());
  console.log(`${Math.round((performance.now() - started) / 1_000)} s`);
  if (process.env["KEEP"] !== undefined && !isRight) await Bun.sleep(10 ** 9);
  await nodes.stop();
}
process.exit(isRight ? 0 : 1);
