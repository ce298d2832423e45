/** The node in the user's own terminal. */

import { findAccelerator, qemuCommand } from "../qemu/accelerator.ts";
import { machineArguments, type VmOptions } from "../qemu/arguments.ts";

const HINT = `[ESC] shuts the node down after 5 s where it shows its screen, and again at once; in a shell, type poweroff.
Ctrl-A, then x, ends the machine at once.
`;

/** Switches attributes off and the cursor on, and leaves the last page of the node above. */
const LEAVE_SCREEN = "\x1b[0m\x1b[?25h\n";

/** Runs the machine with its serial console in this terminal; resolves to QEMU's exit status. */
export async function runInTerminal(machine: VmOptions): Promise<number> {
  process.stdout.write(HINT);
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
