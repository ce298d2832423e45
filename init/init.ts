/** The program init, which the kernel starts as process 1. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";

const INIT_USAGE = `Usage: init
  boots this machine, as process 1, by the kernel command line; poweroff, reboot and halt end it
`;

/** Never resolves as process 1; gives the exit status of any other process. */
export async function runInit(args: readonly string[], { stdout, stderr }: CommandIo): Promise<number> {
  // The kernel passes unknown parameters on to process 1, which ignores them.
  if (process.pid === 1) await (await import("./pid1.ts")).runPid1();
  if (args[0] === "--help" || args[0] === "-h") {
    stdout(INIT_USAGE);
    return 0;
  }
  stderr("init: Cannot boot: this is not process 1, which the kernel starts\n");
  return 1;
}
