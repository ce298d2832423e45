/** `npm start`: builds the image where it is not there yet, and boots a node from it in QEMU. */

import { ensureImage } from "./image/ensure.ts";
import type { VmOptions } from "./qemu/arguments.ts";
import { startLan } from "./start/lan.ts";
import { nodeMachine } from "./start/machine.ts";
import { readStartOptions } from "./start/options.ts";
import { bootAndReport } from "./start/report.ts";
import { runInTerminal } from "./start/terminal.ts";

async function start(argv: readonly string[]): Promise<number> {
  const options = readStartOptions(argv);
  const { kernel, initramfs } = await ensureImage();
  const machine = nodeMachine({ kernel, initrd: initramfs }, options);
  if (options.nodes === 1) return run(machine, 0);
  await using lan = await startLan(machine, options.nodes);
  return await run(lan.first, options.nodes - 1);
}

/** Runs one machine to its end; `others` is how many nodes it is to see. */
async function run(machine: VmOptions, others: number): Promise<number> {
  if (process.stdin.isTTY && process.stdout.isTTY) return runInTerminal(machine);
  await bootAndReport(machine, { others, print: (line) => console.log(line) });
  return 0;
}

process.exitCode = await start(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  return 1;
});
