/** The node in the user's own terminal. */

import { findAccelerator, qemuCommand } from "../qemu/accelerator.ts";
import { machineArguments, type VmOptions } from "../qemu/arguments.ts";

/** Switches attributes off and the cursor on, and leaves the last page of the node above. */
const LEAVE_SCREEN = "\x1b[0m\x1b[?25h\n";

/** Says the hint, and runs the machine with its serial console in this terminal; resolves to QEMU's exit status. */
export async function runInTerminal(machine: VmOptions, hint: string): Promise<number> {
  process.stdout.write(hint);
  const command = [
    ...qemuCommand(),
    ...machineArguments(machine, await findAccelerator()),
    "-serial",
    "mon:stdio",
  ];
  const qemu = Bun.spawn(command, { stdio: ["inherit", "inherit", "inherit"] });
  const stop = () => qemu.kill();
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) process.on(signal, stop);
  const code = await qemu.exited;
  process.stdout.write(LEAVE_SCREEN);
  return code;
}
