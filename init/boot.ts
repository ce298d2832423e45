/** The boot, top to bottom: from the root that the first stage made to a mode that runs. */

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { admitViewers } from "../modes/access/admission.ts";
import { lockShells } from "../modes/access/shell-lock.ts";
import { DEFAULT_MODE, MODES } from "../modes/index.ts";
import type { Mode } from "../modes/mode.ts";
import { ownAddress } from "../modes/serve/pool.ts";
import { PLAIN_SERVE, type ServeRequest } from "../modes/serve/serve-request.ts";
import { serveService } from "../modes/serve/serve-service.ts";
import { webService } from "../modes/web/service.ts";
import packageJson from "../package.json";
import { startDrivers } from "../probes/drivers.ts";
import { FallbackAddress } from "../probes/network/fallback-address.ts";
import { type NetworkProbe, startNetwork } from "../probes/network.ts";
import { createLayout } from "../probes/network-options/layout.ts";
import type { Machine } from "../system/machine.ts";
import { serveControlSocket } from "./control.ts";
import type { EndRequest } from "./end/machine-end.ts";
import { createNodeIdentity } from "./node/node-identity.ts";
import { createStatusPublisher } from "./node/publish-status.ts";
import { createReportSender } from "./node/report-sender.ts";
import { parseCommandLine } from "./options/command-line.ts";
import type { Supervisor } from "./services/supervisor.ts";
import { drawConsoleBlocks } from "./steps/console-blocks.ts";
import { hushConsoles, limitSerialDrain, listConsoles } from "./steps/consoles.ts";
import { dropDesktop } from "./steps/desktop.ts";
import { ejectMedium } from "./steps/eject.ts";
import { waitForLease } from "./steps/first-lease.ts";
import { mountKernelFileSystems } from "./steps/mounts.ts";
import { watchPowerButtons } from "./steps/power-button.ts";
import { hideSecretParameters } from "./steps/secret-parameters.ts";
import { findServeProblems } from "./steps/serve-files.ts";
import { watchShift } from "./steps/shift.ts";

/** How long the mode waits for a first lease; then it is entered without, and the node goes on asking. */
const LEASE_SECONDS = 10;

/** The line that says which mode runs; the VM tests and `npm start` look for it. */
export function enteringLine({ title, summary }: Pick<Mode, "title" | "summary">): string {
  return `entering ${title} mode: ${summary}`;
}

export interface BootContext {
  readonly supervisor: Pick<Supervisor, "start" | "stopService">;
  readonly end: EndRequest;
  /** Ends what watches the machine in the background. */
  readonly signal: AbortSignal;
  /** Called with the network, for who ends the machine. */
  readonly started: (network: NetworkProbe) => void;
}

/** Boots as far as the services of a mode, which run on after it. @throws BootError */
export async function boot(machine: Machine, context: BootContext): Promise<void> {
  const { supervisor, end, signal } = context;
  const { kernel, root, log, step } = machine;

  await step.required("mount the kernel's file systems", () => mountKernelFileSystems(machine));
  const options = await step.required("read the kernel command line", () =>
    parseCommandLine(readFileSync(`${root}/proc/cmdline`, "utf8")),
  );
  await step.optional("hide its secrets", () => hideSecretParameters(machine, options));
  const { shellPassword } = options;
  // As soon as it is known: a boot that fails ends in a shell.
  if (shellPassword)
    await step.optional("lock the shells", () => lockShells(root, shellPassword, crypto.randomUUID()));
  await step.required("open the kernel log", () => log.open(options));
  const serveProblems = findServeProblems(root, options.serve);
  const complaints = [...options.complaints, ...serveProblems];
  for (const complaint of complaints) log.warn(complaint);

  const asked: Mode = MODES[options.mode ?? DEFAULT_MODE];
  const identity = createNodeIdentity(machine, options);
  const board = createStatusPublisher(machine, {
    version: packageJson.version,
    mode: asked.title,
    identity,
    warnings: complaints,
  });

  const report = options.report && createReportSender(machine, { target: options.report, signal });
  const serve = serveProblems.length === 0 ? options.serve : undefined;
  const preferred = options.preferredNics.map(({ name }) => name);
  const fallback = serve && fallbackAddress(machine, serve, preferred);
  const follow = async (probe: NetworkProbe): Promise<void> => {
    fallback?.update(probe);
    await identity.update(probe);
    board.refresh();
    if (identity.current() !== undefined) report?.nodeIsConfigured();
  };

  // From here on the devices, the network and Shift are found side by side: what hangs holds only itself.
  const scope = asked.configures ? "everything" : "keyboards";
  const drivers = await step.optional("find the devices", () =>
    startDrivers(machine, { scope, blacklist: options.blacklist, signal, changed: board.refresh }),
  );
  await step.optional("take Ctrl-Alt-Del", () =>
    writeFileSync(`${root}/proc/sys/kernel/ctrl-alt-del`, "0\n"),
  );
  await step.optional("watch the power button", () =>
    watchPowerButtons({
      root,
      uevents: kernel.uevents(signal),
      pressed: () => end.ask("power-off", "the power button"),
    }),
  );
  const shift = asked.yieldsToShift && drivers && watchShift(kernel, drivers);

  let network: NetworkProbe | undefined;
  if (asked.configures) {
    network = await step.optional("bring up the network", () =>
      startNetwork(machine, {
        plan: createLayout(machine, options.network, {
          preferred,
          ...(drivers && { settled: drivers.settled("everything") }),
          signal,
        }),
        ...(options.hostname && { hostname: options.hostname }),
        preferredNics: options.preferredNics,
        ...(options.bootedFrom && { bootedFrom: options.bootedFrom }),
        ...(drivers && { driversSettled: drivers.settled("everything") }),
        signal,
        changed: (probe) => void follow(probe),
        refreshed: board.refresh,
      }),
    );
    if (network) context.started(network);
    board.show({ ...(drivers && { drivers }), ...(network && { network }) });
    await step.optional("get an address", () => waitForLease(network, drivers), {
      within: (options.network.waitSeconds ?? LEASE_SECONDS) * 1_000,
    });
    await step.optional("configure the node", () => network && identity.update(network));
  }

  const serves = (request: ServeRequest | undefined): void =>
    // What was missing at first has come from a medium.
    board.show({ serve: request, ...(request && { warnings: options.complaints }) });
  // What has been written there already is newer than what the image has.
  await step.optional("fill /etc", () => fillEtc(root));
  const isShiftHeld = shift && (await step.optional("look for Shift", shift.decide, { within: 20_000 }));
  const mode: Mode = isShiftHeld ? MODES.expert : asked;
  board.show({ mode: mode.title });
  const consoles = await step.required("find the consoles", () => listConsoles(root));
  const vnc = mode.hasDesktop ? options.vnc : undefined;
  const web = mode.configures ? options.web : undefined;
  const access =
    (vnc ?? web) !== undefined &&
    (await step.optional("let viewers in", () => admitViewers(root, { password: options.password, vnc })));
  log.info(enteringLine(mode));
  await step.optional("keep serial lines from holding anyone", () => limitSerialDrain(machine, consoles));
  if (!options.debug) await step.optional("keep kernel messages off the consoles", () => hushConsoles(root));
  await step.optional("take orders", () =>
    serveControlSocket(machine, {
      ...{ network, supervisor, signal, serves },
      ejects: options.eject,
      serve: options.serve ?? PLAIN_SERVE,
    }),
  );
  if (mode.configures)
    await step.optional("draw finer blocks for the screens", () => drawConsoleBlocks(machine, consoles));
  const setting = { consoles, locksShells: shellPassword !== undefined, ...(access && { access }) };
  for (const service of mode.services(setting)) supervisor.start(service);
  if (mode.configures && serve) {
    supervisor.start(serveService(serve));
    serves(serve);
  }
  if (web !== undefined) {
    supervisor.start(webService(web));
    const isOpen = access ? access.password === undefined : false;
    board.show({ web: { port: web, isOpen } });
  }
  if (mode.configures && options.eject) ejectMedium(machine, signal);
  // With all that is in the machine, also where its driver came after the address; what fails there has been logged.
  if (report) void Promise.allSettled([drivers?.settled("everything")]).then(report.bootIsOver);
  if (vnc === undefined)
    await step.optional("give back the memory of the desktop", () => dropDesktop(machine));
}

function fillEtc(root: string): void {
  cpSync(`${root}/usr/share/clump/etc`, `${root}/etc`, { recursive: true, force: false });
}

function fallbackAddress(
  { log }: Machine,
  { pool, isAsked }: ServeRequest,
  preferred: readonly string[],
): FallbackAddress {
  return new FallbackAddress({
    // A pool that leaves no address to its node is refused with the command line.
    address: ownAddress(pool)!,
    pool: pool.join(" to "),
    expectsServer: !isAsked,
    ...{ preferred, log },
    sleep: (seconds) => Bun.sleep(seconds * 1_000),
    random: Math.random,
  });
}
