/** Loads the drivers of this machine, and reports on each network adapter. */

import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { findUnreachable, findUnserved } from "./modules/adapter.ts";
import { parseAliases } from "./modules/alias.ts";
import { type Coldplug, isKeyboardPath, startColdplug } from "./modules/coldplug.ts";
import { watchFirmware } from "./modules/firmware.ts";
import { createInsertion, listModuleFiles } from "./modules/insertion.ts";
import { createModuleLoader } from "./modules/loader.ts";

/** The PC's disks are left alone: a command or a person loads the driver of disks by its name. */
const NEVER_BY_ITSELF = ["sd_mod", "nvme", "virtio_blk"];

export interface Drivers extends Coldplug {
  /** One sentence for each adapter without a driver, and for each file of firmware that is missing. */
  problems(): string[];
}

/**
 * Loads the drivers of everything, or of keyboards alone, now and for devices that appear until the signal.
 * @throws where the list of drivers cannot be read
 */
export function startDrivers(
  { kernel, root, children, log }: Machine,
  options: {
    readonly scope: "everything" | "keyboards";
    readonly blacklist: readonly string[];
    readonly signal: AbortSignal;
    /** Provides the files of modules that are not there; default nothing does. */
    readonly rareDrivers?: { provide(): Promise<void> };
    /** Called when what `problems()` answers may have changed. */
    readonly changed: () => void;
  },
): Drivers {
  const { scope, blacklist, signal, changed, rareDrivers } = options;
  const folder = `/lib/modules/${release()}`;
  const aliases = parseAliases(readFileSync(`${root}${folder}/modules.alias`, "utf8"));
  const filesOf = listModuleFiles(root, folder);
  const insertion = createInsertion(root, folder, filesOf);
  const isThere = (file: string) => existsSync(`${root}${folder}/${file}`);
  const loader = createModuleLoader({
    children,
    log,
    insertion,
    bring: (module) => (filesOf(module).every(isThere) ? undefined : rareDrivers?.provide()),
    blacklist: [...NEVER_BY_ITSELF, ...blacklist],
  });
  const missing: string[] = [];
  const wanted = scope === "everything" ? (): boolean => true : isKeyboardPath;

  const coldplug = startColdplug({ root, kernel, aliases, loader, log, wanted, signal });
  const unserved = (): string[] => [
    ...findUnserved(root, { aliases, states: loader.states }),
    ...findUnreachable(root),
  ];

  /** The kernel keeps its messages from the start on: reading them can wait until the adapters are served. */
  async function report(): Promise<void> {
    await coldplug.settled("everything");
    for (const problem of unserved()) log.warn(problem);
    changed();
    await watchFirmware(Bun.file(`${root}/dev/kmsg`).stream(), (name) => {
      missing.push(`firmware ${name} missing`);
      log.warn(`firmware ${name} missing`);
      changed();
    });
  }

  report().catch((error: unknown) => log.debug(`Cannot read the kernel log: ${reason(error)}, ignoring`));
  return {
    ...coldplug,
    problems: () => [...unserved(), ...missing],
  };
}
