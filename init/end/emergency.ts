/** The screen of a failed boot, on every console: what failed, why, and what to try; then a shell or a restart. */

import { closeSync, constants, existsSync, openSync, writeSync } from "node:fs";
import { shellService } from "../../modes/shell-service.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { PATHS } from "../../system/state/paths.ts";
import { uptime } from "../../system/uptime.ts";
import { sendBootReport } from "../node/report-sender.ts";
import { readCommandLine } from "../options/command-line.ts";
import type { Supervisor } from "../services/supervisor.ts";
import { hushConsoles, listConsoles } from "../steps/consoles.ts";
import { formatFailure } from "./failure-screen.ts";
import type { EndRequest } from "./machine-end.ts";

/** Limit of the wait for a report that is being sent, added to the seconds of panic=. */
const REPORT_LIMIT_MILLISECONDS = 30_000;

/** setTimeout() fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Shows a failure and gives a way out. Never throws. */
export async function emergency(
  machine: Machine,
  {
    error,
    supervisor,
    end,
  }: {
    readonly error: unknown;
    readonly supervisor: Pick<Supervisor, "start">;
    readonly end: Pick<EndRequest, "ask">;
  },
): Promise<void> {
  const { root, log } = machine;
  log.error(reason(error));
  // The boot may have failed before it opened the log: dmesg and the report need the held lines.
  attempt(() => log.open({ debug: false }));
  const { panicSeconds, report, debug } = attempt(() => readCommandLine(root)) ?? {};
  const consoles = attempt(() => listConsoles(root)) ?? ["/dev/console"];
  // As the kernel takes panic=: 0 waits for ever, less than 0 does not wait.
  const seconds = panicSeconds === undefined || panicSeconds === 0 ? undefined : Math.max(panicSeconds, 0);
  const known = { status: readStatus(root), uptime: uptime() };
  const screen = formatFailure({ error, restartSeconds: seconds, target: report, ...known });
  // Messages of the kernel and of the report would tear the screen and the input line of the shell.
  if (!debug) attempt(() => hushConsoles(root));
  for (const console of consoles) attempt(() => show(root + console, screen));
  // A restart erases a report that is only written.
  const reported =
    report !== undefined || seconds === undefined ? sendBootReport(machine, { target: report }) : undefined;
  if (seconds === undefined) {
    for (const console of consoles)
      supervisor.start(shellService(console, existsSync(root + PATHS.shellLock)));
    return;
  }
  const restart = async (): Promise<void> => {
    await Promise.race([reported, Bun.sleep(REPORT_LIMIT_MILLISECONDS)]);
    end.ask("restart", "panic=");
  };
  setTimeout(() => void restart(), Math.min(1000 * seconds, LONGEST_TIMER));
}

/** Non-blocking, because a serial line without a listener takes no bytes. */
function show(path: string, text: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** Survives an error: a second failure must not hide the first. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
