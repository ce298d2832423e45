import type { Drivers } from "../probes/drivers.ts";
import type { Kernel } from "./kernel/kernel.ts";

/** How long the buses may take to show a keyboard; whoever holds Shift goes on holding it so long. */
const KEYBOARD_LIMIT_MILLISECONDS = 4_000;

/** Whether a Shift key is held once the keyboards have their drivers. @throws SyscallError */
export async function lookForShift(kernel: Pick<Kernel, "shiftHeld">, drivers: Drivers): Promise<boolean> {
  await Promise.race([drivers.settled("keyboards"), Bun.sleep(KEYBOARD_LIMIT_MILLISECONDS)]);
  return kernel.shiftHeld();
}
