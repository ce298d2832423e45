/** `npm run bench`: how soon a node has its address and what that costs, beside busybox images of the same packages. */

import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { runScript } from "../../assets/command-line/options.ts";
import { ensureImage } from "../../assets/image/ensure.ts";
import { findAccelerator } from "../../assets/qemu/accelerator.ts";
import { Boots, formatCosts, MEMORY_MEGABYTES, NICS } from "./boots.ts";
import { findContestants, imageBeside } from "./contestants.ts";
import { formatInstructions } from "./instructions.ts";
import { formatMoveCosts, NotHere } from "./moves/costs.ts";
import { formatPauses } from "./moves/machine/pauses.ts";
import { readBenchOptions } from "./options.ts";
import { formatSteps } from "./steps.ts";
import { formatGossip, formatScreens, formatWebs } from "./views.ts";

await runScript(async () => {
  const options = readBenchOptions(process.argv.slice(2));
  const others = options.beside === undefined ? [] : [imageBeside(options.beside)];
  await ensureImage();
  mkdirSync("dist/bench", { recursive: true });
  const contestants = await findContestants({ others, withPeers: options.peers });
  if (options.instructions) {
    console.log(await formatInstructions(contestants));
    return;
  }
  const boots = new Boots(contestants);
  await boots.measure(options.rounds);
  console.log(`\n${await describeRun(options.rounds)}\n`);
  for (const nic of NICS) console.log(boots.formatNic(nic));
  console.log(await formatCosts(contestants, options.floor));
  console.log(await formatInstructions(contestants));
  if (options.views) {
    console.log(await formatScreens());
    console.log(await formatWebs());
    console.log(await formatGossip());
  }
  if (options.moves) {
    console.log(await formatPauses(options.rounds));
    console.log(await measureHere(options.rounds));
  }
  const steps = formatSteps(boots.typical(contestants[0]!));
  console.log(`Where our time goes (${NICS[0]}, the median boot):\n\n${steps}`);
});

/** What the kernel of this machine must do for. */
async function measureHere(rounds: number): Promise<string> {
  try {
    return await formatMoveCosts(rounds);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    return `What moves cost is not measured on this machine: ${error.message}\n`;
  }
}

async function describeRun(rounds: number): Promise<string> {
  const accelerator = await findAccelerator();
  return `QEMU with ${accelerator}, -m ${MEMORY_MEGABYTES}, ${availableParallelism()} processors; median of ${rounds}, interleaved.`;
}
