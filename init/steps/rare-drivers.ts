import type { Mode } from "../../modes/mode.ts";
import { findInitramfsUrl } from "../../modes/rare-drivers/initramfs-url.ts";
import type { RareDrivers } from "../../modes/rare-drivers/rare-drivers.ts";
import { RARE_DRIVERS_FILES } from "../../modes/rare-drivers/rare-drivers-files.ts";
import type { Drivers } from "../../probes/drivers.ts";
import { takesDevices } from "../../probes/modules/hot-plug.ts";
import { readOptional } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";
import { runByChildren } from "../../system/tool.ts";
import type { BootOptions } from "../options/boot-options.ts";
import { dropArchive } from "./drop-archive.ts";
import { hasServeFiles } from "./serve-files.ts";

/** What process 1 does with the rare drivers. */
export interface RareDriversStep extends Pick<RareDrivers, "provide" | "giveBack"> {
  /** Frees their memory for good, unless a device has asked for them. @throws Error */
  giveUp(): Promise<void>;
}

/** Their code is loaded when it is first wanted: most boots have an address without it. */
export function createRareDrivers({
  root,
  log,
  children,
}: Pick<Machine, "root" | "log" | "children">): RareDriversStep {
  let isGone = false;
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
    async provide() {
      if (isGone) throw new Error("the rare drivers have left memory: no device was expected to come");
      await (await load()).provide();
    },
    giveBack: async (url) => (await load()).giveBack(url),
    async giveUp() {
      if (loading !== undefined) return;
      isGone = true;
      await dropArchive({ children }, RARE_DRIVERS_FILES.name);
      log.info("rare drivers leave memory: no device can be plugged in while this node runs");
    },
  };
}

/**
 * Gives their memory back when each device has its driver, where no other can come or the boot server has the archive too. A
 * node that boots others, or was loaded with what that takes, hands them its own.
 */
export async function giveBackRareDrivers(
  { root }: Pick<Machine, "root">,
  context: {
    readonly mode: Pick<Mode, "configures">;
    readonly rareDrivers: Pick<RareDriversStep, "giveBack" | "giveUp">;
    readonly drivers: Pick<Drivers, "settled" | "problems"> | undefined;
    readonly options: Pick<BootOptions, "blacklist" | "serve">;
  },
): Promise<void> {
  const { mode, rareDrivers, drivers, options } = context;
  if (drivers === undefined || options.serve !== undefined || hasServeFiles(root)) return;
  // A look at the devices that failed has been logged.
  await Promise.allSettled([drivers.settled("everything")]);
  // A person may load by hand what clump did not.
  const isServed = mode.configures && options.blacklist.length === 0 && drivers.problems().length === 0;
  const url = findInitramfsUrl(readOptional(`${root}/proc/cmdline`) ?? "");
  if (isServed && !takesDevices(root)) await rareDrivers.giveUp();
  else if (url !== undefined) await rareDrivers.giveBack(url);
}
