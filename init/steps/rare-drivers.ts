import { findInitramfsUrl } from "../../modes/rare-drivers/initramfs-url.ts";
import type { RareDrivers } from "../../modes/rare-drivers/rare-drivers.ts";
import type { Drivers } from "../../probes/drivers.ts";
import { readOptional } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";
import { runByChildren } from "../../system/tool.ts";
import type { BootOptions } from "../options/boot-options.ts";

/** Their code is loaded when it is first wanted: most boots have an address without it. */
export function createRareDrivers({
  root,
  log,
  children,
}: Pick<Machine, "root" | "log" | "children">): Pick<RareDrivers, "provide" | "giveBack"> {
  let loading: Promise<RareDrivers> | undefined;
  const load = (): Promise<RareDrivers> => {
    loading ??= import("../../modes/rare-drivers/rare-drivers.ts").then(
      (loaded) =>
        new loaded.RareDrivers({
          root,
          log,
          run: runByChildren(children),
          fetch: (url, init) => fetch(url, init),
        }),
    );
    return loading;
  };
  return {
    provide: async () => (await load()).provide(),
    giveBack: async (url) => (await load()).giveBack(url),
  };
}

/**
 * Gives their memory back when each device has its driver, where the boot server has the archive too. A node that boots
 * others hands them its own.
 */
export async function giveBackRareDrivers(
  { root }: Pick<Machine, "root">,
  context: {
    readonly rareDrivers: Pick<RareDrivers, "giveBack">;
    readonly drivers: Pick<Drivers, "settled"> | undefined;
    readonly options: Pick<BootOptions, "serve">;
  },
): Promise<void> {
  const { rareDrivers, drivers, options } = context;
  const url = findInitramfsUrl(readOptional(`${root}/proc/cmdline`) ?? "");
  if (url === undefined || drivers === undefined || options.serve !== undefined) return;
  // A look at the devices that failed has been logged.
  await Promise.allSettled([drivers.settled("everything")]);
  await rareDrivers.giveBack(url);
}
