/** The archives of the image, which the first stage leaves packed in memory. */

import type { Mode } from "../../modes/mode.ts";
import type { RareDrivers } from "../../modes/rare-drivers/rare-drivers.ts";
import type { Drivers } from "../../probes/drivers.ts";
import { describeEnd } from "../../system/children.ts";
import type { Machine } from "../../system/machine.ts";
import type { BootOptions } from "../options/boot-options.ts";
import { giveBackRareDrivers } from "./rare-drivers.ts";
import { showsDesktop } from "./viewers.ts";

/** Frees the memory of what this node does without, or can have again. */
export async function giveBackMemory(
  machine: Machine,
  context: {
    readonly mode: Mode;
    readonly options: BootOptions;
    readonly drivers: Drivers | undefined;
    readonly rareDrivers: Pick<RareDrivers, "giveBack">;
  },
): Promise<void> {
  const { mode, options, drivers, rareDrivers } = context;
  if (!showsDesktop(mode, options))
    await machine.step.optional("give back the memory of the desktop", () => dropArchive(machine, "desktop"));
  void giveBackRareDrivers(machine, { rareDrivers, drivers, options });
}

/** Frees the memory of the packed archive `name`, which no program can mount from then on. @throws Error */
export async function dropArchive({ children }: Pick<Machine, "children">, name: string): Promise<void> {
  const child = children.spawn(["/usr/lib/clump/archive", "drop", name], { errors: "captured" });
  const end = await child.ended;
  if (end.status !== 0)
    throw new Error(`Cannot drop ${name}: archive ended with ${describeEnd(end)}: ${await child.errors()}`);
}
