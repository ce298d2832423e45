/** The boot, top to bottom: from the root that the first stage made to a mode that runs. */

import { findKey } from "../cluster/security/key.ts";
import { lockShells } from "../modes/access/shell-lock.ts";
import { letSshIn } from "../modes/access/ssh-keys.ts";
import { DEFAULT_MODE, MODES } from "../modes/index.ts";
import type { Mode } from "../modes/mode.ts";
import type { NetworkProbe } from "../probes/network.ts";
import { setHostname } from "../probes/system-names.ts";
import { bootTrace } from "../system/boot-trace.ts";
import type { Machine } from "../system/machine.ts";
import { runByChildren } from "../system/tool.ts";
import { serveControlSocket } from "./control.ts";
import type { EndRequest } from "./end/machine-end.ts";
import { createNode } from "./node/node.ts";
import { nodeName } from "./node/node-name.ts";
import { readCommandLine } from "./options/command-line.ts";
import { startServices } from "./services/start-services.ts";
import type { Supervisor } from "./services/supervisor.ts";
import { giveBackMemory } from "./steps/archives.ts";
import { drawConsoleBlocks } from "./steps/console-blocks.ts";
import { hushConsoles, limitSerialDrain, listConsoles } from "./steps/consoles.ts";
import { takeCtrlAltDel } from "./steps/ctrl-alt-del.ts";
import { findDevices } from "./steps/devices.ts";
import { ejectMedium } from "./steps/eject.ts";
import { fillEtc } from "./steps/etc.ts";
import { leaseLimit, waitForLease } from "./steps/first-lease.ts";
import { mountKernelFileSystems } from "./steps/mounts.ts";
import { bringUpNetwork } from "./steps/network.ts";
import { watchPowerButtons } from "./steps/power-button.ts";
import { createRareDrivers } from "./steps/rare-drivers.ts";
import { hideSecretParameters } from "./steps/secret-parameters.ts";
import { mountInBackground } from "./steps/shares.ts";
import { SHIFT_LIMIT, watchShift } from "./steps/shift.ts";
import { addUsers } from "./steps/users.ts";
import { hasViewers, letViewersIn } from "./steps/viewers.ts";

/** The line that says which mode runs; the VM tests and `npm start` look for it. */
export function enteringLine({ title, summary }: Pick<Mode, "title" | "summary">): string {
  return `entering ${title} mode: ${summary}`;
}

export interface BootContext {
  readonly supervisor: Pick<Supervisor, "start" | "stopService">;
  readonly end: Pick<EndRequest, "ask">;
  /** Ends what watches the machine in the background. */
  readonly signal: AbortSignal;
  /** Called with the network, so that the node leaves it when the machine ends. */
  readonly started: (network: NetworkProbe | undefined) => void;
}

/** Boots as far as the services of a mode, which run on after it. @throws BootError */
export async function boot(machine: Machine, { supervisor, end, signal, started }: BootContext) {
  const { root, log, step } = machine;
  await step.required("mount the kernel's file systems", () => mountKernelFileSystems(machine));
  const options = await step.required("read the kernel command line", () => readCommandLine(root));
  const { shellPassword } = options;
  await step.optional("hide its secrets", () => hideSecretParameters(machine, options));
  // As soon as the password is known: a boot that fails ends in a shell.
  if (shellPassword) await step.optional("lock the shells", () => lockShells(root, shellPassword));
  await step.required("open the kernel log", () => log.open(options));
  await step.optional("name the machine", () => setHostname(root, nodeName(options)));
  const requested: Mode = MODES[options.mode ?? DEFAULT_MODE];
  const node = createNode(machine, options, { mode: requested.title, signal });

  const rareDrivers = createRareDrivers(machine);
  // From here on the devices, the network and Shift are found side by side: what hangs holds only itself.
  const drivers = await step.optional("find the devices", () =>
    findDevices(machine, { mode: requested, options, node, rareDrivers, signal }),
  );
  await step.optional("take Ctrl-Alt-Del", () => takeCtrlAltDel(root));
  await step.optional("watch the power button", () => watchPowerButtons(machine, { end, signal }));
  const shift = requested.yieldsToShift && drivers && watchShift(machine.kernel, drivers);
  if (requested.configures) {
    await step.optional("bring up the network", () =>
      bringUpNetwork(machine, { options, drivers, node, signal }),
    );
    started(node.network);
    await step.optional("get an address", () => waitForLease(node.network, drivers), leaseLimit(options));
    await step.optional("configure the node", () => node.update(node.network));
  }

  bootTrace.end(options.trace ? log : undefined);
  await step.optional("fill /etc", () => fillEtc(root));
  if (options.users.length > 0) await step.optional("add the users", () => addUsers(root, options.users));
  const isShiftHeld = shift && (await step.optional("look for Shift", shift.decide, SHIFT_LIMIT));
  const mode: Mode = isShiftHeld ? MODES.expert : requested;
  node.status.show({ mode: mode.title });
  const consoles = await step.required("find the consoles", () => listConsoles(root));
  const access =
    hasViewers(mode, options) &&
    (await step.optional("let viewers in", () => letViewersIn(root, mode, options)));
  log.info(enteringLine(mode));
  await step.optional("keep serial lines from holding anyone", () => limitSerialDrain(machine, consoles));
  if (!options.debug) await step.optional("keep kernel messages off the consoles", () => hushConsoles(root));
  await step.optional("take orders", () =>
    serveControlSocket(machine, { options, node, supervisor, signal }),
  );
  if (mode.configures)
    await step.optional("draw finer blocks for the screens", () => drawConsoleBlocks(machine, consoles));
  const { ssh } = options;
  if (ssh) await step.optional("let people in by ssh", () => letSshIn(root, ssh, shellPassword));
  const hasKey = findKey(root) !== undefined;
  if (mode.configures && options.shares.length > 0)
    await step.optional("ask for the shares", () =>
      mountInBackground(options.shares, { root, log, run: runByChildren(machine.children), signal }),
    );
  startServices(mode, { options, consoles, access: access || undefined, hasKey, supervisor, node });
  if (mode.configures && options.eject) ejectMedium(machine, signal);
  node.bootIsOver(drivers);
  await giveBackMemory(machine, { mode, options, hasKey, drivers, rareDrivers });
}
