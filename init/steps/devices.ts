import type { Mode } from "../../modes/mode.ts";
import type { RareDrivers } from "../../modes/rare-drivers/rare-drivers.ts";
import { type Drivers, startDrivers } from "../../probes/drivers.ts";
import type { Machine } from "../../system/machine.ts";
import type { BootOptions } from "../options/boot-options.ts";

/** Loads the drivers of all devices, or of the keyboards alone, and of those that come, until the signal. */
export function findDevices(
  machine: Machine,
  context: {
    readonly mode: Pick<Mode, "configures">;
    readonly options: Pick<BootOptions, "blacklist">;
    readonly node: {
      readonly status: { show(sources: { readonly drivers: Drivers }): void; refresh(): void };
    };
    readonly rareDrivers: Pick<RareDrivers, "provide">;
    readonly signal: AbortSignal;
  },
): Drivers {
  const { mode, options, node, rareDrivers, signal } = context;
  const drivers = startDrivers(machine, {
    scope: mode.configures ? "everything" : "keyboards",
    blacklist: options.blacklist,
    rareDrivers,
    signal,
    changed: () => node.status.refresh(),
  });
  // A mode that configures nothing misses no driver.
  if (mode.configures) node.status.show({ drivers });
  return drivers;
}
