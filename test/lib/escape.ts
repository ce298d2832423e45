/** ESC on a node's own screen. */

import type { Vm } from "../../assets/qemu/vm.ts";
import { SOON } from "./node.ts";

/** Shuts the node down from the serial line, without the seconds in which any key would keep it. */
export async function leaveByEscape({ console }: Pick<Vm, "console">): Promise<void> {
  console.send("\x1b");
  // With `debug` a message of the kernel may tear the words; then the seconds pass by themselves.
  await console.expect(/shuts down in|asks for power-off/, SOON);
  console.send("\x1b");
}
