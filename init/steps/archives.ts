/** The archives of the image, which the first stage leaves packed in memory. */

import type { Mode } from "../../modes/mode.ts";
import type { Drivers } from "../../probes/drivers.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import type { BootOptions } from "../options/boot-options.ts";
import { movesProcesses } from "../services/start-services.ts";
import { dropArchive } from "./drop-archive.ts";
import { giveBackRareDrivers, type RareDriversStep } from "./rare-drivers.ts";
import { showsDesktop } from "./viewers.ts";

/** Frees the memory of what this node does without, or can have again. */
export async function giveBackMemory(
  machine: Machine,
  context: {
    readonly mode: Mode;
    readonly options: BootOptions;
    readonly hasKey: boolean;
    readonly drivers: Drivers | undefined;
    readonly rareDrivers: Pick<RareDriversStep, "giveBack" | "giveUp">;
  },
): Promise<void> {
  const { mode, options, hasKey } = context;
  if (!showsDesktop(mode, options))
    await machine.step.optional("give back the memory of the desktop", () => dropArchive(machine, "desktop"));
  if (!movesProcesses(mode, options, hasKey))
    await machine.step.optional("give back the memory of criu", () => dropArchive(machine, "moves"));
  giveBackRareDrivers(machine, context).catch((error: unknown) => machine.log.warn(reason(error)));
}
