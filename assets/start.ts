/** `npm start`: builds the image where it is not there yet, and boots a node from it in QEMU. */

import { runScript } from "./command-line/options.ts";
import { ensureImage } from "./image/ensure.ts";
import type { VmOptions } from "./qemu/arguments.ts";
import { checkPortsAreFree } from "./start/free-ports.ts";
import { startLan } from "./start/lan.ts";
import { nodeMachine } from "./start/machine.ts";
import { readStartOptions } from "./start/options.ts";
import { bootAndReport } from "./start/report.ts";
import { runInTerminal } from "./start/terminal.ts";

async function start(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  checkPortsAreFree(options.forwards);
  const { kernel, initramfs } = await ensureImage();
  const machine = nodeMachine({ kernel, initrd: initramfs }, options);
  if (options.nodes === 1) return run(machine, 0);
  await using lan = await startLan(machine, options.nodes);
  return await run(lan.first, options.nodes - 1);
}

/** Runs one machine to its end; `others` is the number of other nodes that it is to see. Resolves to the exit status. */
async function run(machine: VmOptions, others: number): Promise<number> {
  if (process.stdin.isTTY && process.stdout.isTTY) return runInTerminal(machine);
  await bootAndReport(machine, { others, print: (line) => console.log(line) });
  return 0;
}

await runScript(async () => {
  process.exitCode = await start();
});
