/** `npm start`: builds the image where it is not there yet, and boots nodes from it in QEMU. */

import { runScript } from "./command-line/options.ts";
import { ensureImage } from "./image/ensure.ts";
import { findAccelerator } from "./qemu/accelerator.ts";
import type { VmOptions } from "./qemu/arguments.ts";
import { unpackKernel } from "./qemu/unpacked-kernel.ts";
import { chooseWebView, findBrowser, openWhenUp, withWebView } from "./start/browser.ts";
import { checkPortsAreFree } from "./start/free-ports.ts";
import { startLan } from "./start/lan.ts";
import { nodeMachine } from "./start/machine.ts";
import { readStartOptions, type StartOptions } from "./start/options.ts";
import { bootAndReport } from "./start/report.ts";
import { runInTerminal } from "./start/terminal.ts";

const HINT = `[ESC] shuts the node down after 5 s where it shows its screen, and again at once; [s] opens a shell, where poweroff does so too.
Ctrl-A, then x, ends the machine at once.
`;
const DEMO_HINT = `The jobs of this node spread over the others: [j] shows them. In the shell, clump poweroff 2 brings those on node 2 home, or on.
`;

async function start(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  checkPortsAreFree(options.forwards);
  if (options.demo && !isTerminal())
    throw new Error("Cannot use --demo: the nodes power off soon without a terminal, and one was wanted");
  const hint = options.demo ? `${HINT}${DEMO_HINT}` : HINT;
  return options.open ? await startWithBrowser(options, hint) : await boot(options, hint);
}

async function startWithBrowser(options: StartOptions, begin: string): Promise<number> {
  if (!isTerminal())
    throw new Error("Cannot use --open: the node powers off soon without a terminal, and one was wanted");
  const browser = findBrowser();
  const view = chooseWebView(options.forwards);
  const hint = `${begin}The browser opens at ${view.url} once the web view answers there.\n`;
  const opening = new AbortController();
  void openWhenUp(view, browser, opening.signal);
  try {
    return await boot(withWebView(options, view), hint);
  } finally {
    opening.abort();
  }
}

async function boot(options: StartOptions, hint: string): Promise<number> {
  const { kernel, initramfs, tools } = await ensureImage();
  const machine = nodeMachine({ kernel: await bootable(kernel), initrd: initramfs, tools }, options);
  if (options.nodes === 1) return run(machine, { others: 0, hint });
  await using lan = await startLan(machine, options);
  return await run(lan.first, { others: options.nodes - 1, hint });
}

/** A person without KVM would wait 7 s longer for a kernel that unpacks itself. */
async function bootable(kernel: string): Promise<string> {
  return (await findAccelerator()) === "tcg" ? await unpackKernel(kernel) : kernel;
}

/** Runs one machine to its end; `others` is the number of other nodes that it is to see. Resolves to the exit status. */
async function run(
  machine: VmOptions,
  { others, hint }: { readonly others: number; readonly hint: string },
): Promise<number> {
  if (isTerminal()) return runInTerminal(machine, hint);
  await bootAndReport(machine, { others, print: (line) => console.log(line) });
  return 0;
}

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

await runScript(async () => {
  process.exitCode = await start();
});
