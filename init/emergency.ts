/** The boot failed: one screen on every console with what failed, why and what to try; then a shell, or a restart. */

import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { LOCK_PATH } from "../modes/desk/shell-lock.ts";
import { REPORT_BY_HAND } from "../modes/report/target.ts";
import { shellService } from "../modes/shell-service.ts";
import { parseCommandLine } from "./command-line.ts";
import { listConsoles } from "./consoles.ts";
import { reason } from "./machine/log.ts";
import type { Machine } from "./machine/machine.ts";
import type { EndRequest } from "./machine-end.ts";
import { sendBootReport } from "./report-sender.ts";
import type { Supervisor } from "./supervisor.ts";

/** First line of the screen; the VM tests look for it. */
export const EMERGENCY_TITLE = "clump could not go on";

/** setTimeout() fires at once beyond this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Shows a failure and gives a way out; never throws. */
export async function emergency(
  machine: Machine,
  {
    error,
    supervisor,
    end,
  }: { readonly error: unknown; readonly supervisor: Pick<Supervisor, "start">; readonly end: EndRequest },
): Promise<void> {
  const { root, log } = machine;
  log.error(reason(error));
  // It may be the log that the boot did not come to: dmesg and the report are to have it.
  attempt(() => log.open({ debug: false }));
  const { panicSeconds, report } =
    attempt(() => parseCommandLine(readFileSync(`${root}/proc/cmdline`, "utf8"))) ?? {};
  const consoles = attempt(() => listConsoles(root)) ?? ["/dev/console"];
  // As the kernel takes panic=: 0 waits for ever, less than 0 does not wait.
  const seconds = panicSeconds === undefined || panicSeconds === 0 ? undefined : Math.max(panicSeconds, 0);
  const screen = formatScreen(error, seconds);
  for (const console of consoles) attempt(() => show(root + console, screen));
  if (report !== undefined) void sendBootReport(machine, { target: report });
  if (seconds !== undefined)
    setTimeout(() => end.ask("restart", "panic="), Math.min(1000 * seconds, LONGEST_TIMER));
  else for (const console of consoles) supervisor.start(shellService(console, existsSync(root + LOCK_PATH)));
}

/** The text of the screen; `restartSeconds` is absent where a shell follows. */
export function formatScreen(error: unknown, restartSeconds: number | undefined): string {
  const next =
    restartSeconds === undefined
      ? "A shell follows. dmesg shows the log; reboot starts again, poweroff ends."
      : `The machine starts again in ${restartSeconds} s, as panic= asks.`;
  return [
    "",
    EMERGENCY_TITLE,
    "",
    `  What failed:  ${reason(error)}`,
    "  What to try:  boot with the word safe (nothing is probed), or with debug (says more).",
    "                Too little memory, a damaged image and a driver at fault look like this too.",
    `  To be helped: photograph this screen${restartSeconds === undefined ? `, or type ${REPORT_BY_HAND}` : ""}.`,
    "",
    next,
    "",
  ].join("\r\n");
}

/** Not to wait for a terminal that takes nothing. */
function show(path: string, text: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** Everything here is done as far as it can be: a second failure must not hide the first. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
