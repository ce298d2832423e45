/** What moves cost, alone. As root: [CRIU=PATH] bun test/bench/moves/run.ts [--rounds N] */

import { parseArgs } from "node:util";
import { runScript, wholeNumber } from "../../../assets/command-line/options.ts";
import { formatMoveCosts } from "./costs.ts";

await runScript(async () => {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
  console.log(await formatMoveCosts(wholeNumber("rounds", values.rounds, { from: 1 })));
});
