/**
 * `bun test/bench/record-instructions.ts`: counts the instructions of a boot of the image in dist/, and writes the figure that
 * test/vm/boot/instructions.test.ts holds.
 */

import { join } from "node:path";
import { runScript } from "../../assets/command-line/options.ts";
import { countToAddress } from "./instructions.ts";

const FILE = join(import.meta.dir, "recorded-instructions.json");

await runScript(async () => {
  const toAddress = Number((await countToAddress()).toFixed(3));
  await Bun.write(FILE, `${JSON.stringify({ toAddress })}\n`);
  console.log(`${toAddress}e9 instructions from "Run /init" to the address are recorded`);
});
