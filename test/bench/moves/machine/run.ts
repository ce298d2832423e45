/** How long processes stand still while they move, alone. `bun test/bench/moves/machine/run.ts [--rounds N]` */

import { parseArgs } from "node:util";
import { runScript, wholeNumber } from "../../../../assets/command-line/options.ts";
import { formatPauses } from "./pauses.ts";

await runScript(async () => {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
  console.log(await formatPauses(wholeNumber("rounds", values.rounds, { from: 1 })));
});
