/** The program init, which the kernel starts as process 1. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";
import { bootTrace } from "../system/boot-trace.ts";
import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../system/command-help.ts";

export const INIT_HELP: CommandHelp = {
  name: "init",
  does: "process 1: boots, supervises and ends the machine; keeps the network and the node number",
  notes: ["The kernel command line tells it how; poweroff, reboot and halt end it."],
  document: "options.md#kernel-command-line",
};

/** Never resolves as process 1; gives the exit status of any other process. */
export async function runInit(args: readonly string[], { stdout, stderr }: CommandIo): Promise<number> {
  // The kernel passes unknown parameters on to process 1, which ignores them.
  if (process.pid === 1) {
    bootTrace.begin();
    bootTrace.mark("the runtime has loaded init/main.ts");
    const { runPid1 } = await import("./pid1.ts");
    bootTrace.mark("the modules of process 1 are loaded");
    await runPid1();
  }
  if (asksForHelp(args)) {
    stdout(formatHelp(INIT_HELP));
    return 0;
  }
  stderr(
    formatRefusal(INIT_HELP, "Cannot boot: this is not process 1, and a start by the kernel was wanted"),
  );
  return 1;
}
