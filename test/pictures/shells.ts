/** The welcome of the shells in Expert and Safe mode, on the screen of a node. */

import { BOOT, bootNode, ENTERED } from "../lib/node.ts";
import { seeOnScreen } from "../lib/screen.ts";
import { keepScreen } from "./keep.ts";

/** The prompt of the shell may be seen before the last lines of the kernel. */
const SETTLED_MILLISECONDS = 2_000;

async function take(mode: string): Promise<void> {
  await using vm = await bootNode({ name: `picture-${mode}`, screen: true, append: mode });
  await vm.console.expect(ENTERED, BOOT);
  await seeOnScreen(vm, "# ", BOOT);
  await Bun.sleep(SETTLED_MILLISECONDS);
  await keepScreen(vm.qmp, `${mode}.png`);
}

export async function takeShells(): Promise<void> {
  for (const mode of ["expert", "safe"]) await take(mode);
}
