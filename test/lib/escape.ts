/** ESC on a node's own screen. */

import type { Vm } from "../../assets/qemu/vm.ts";
import { SOON } from "./node.ts";

/** Shuts the node down from the serial line, without the seconds in which any key would keep it. */
export async function leaveByEscape({ console }: Vm): Promise<void> {
  console.send("\x1b");
  await console.expect("shuts down in", SOON);
  console.send("\x1b");
}
