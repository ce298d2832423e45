/** What the commands of a workstation ask of the machine: root, systemd and its units. */

import { existsSync } from "node:fs";
import { runTool, type Said } from "../../system/tool.ts";

/** The units of a workstation, in the order of their start. */
export const JOBS_UNIT = "clumpjobs.service";
/** Runs where root typed clump serve. */
export const SERVE_UNIT = "clumpserve.service";
export const UNITS = ["clump.service", "clumpd.service", JOBS_UNIT] as const;

/** systemctl waits for jobs of units, and a daemon may take seconds to stop. */
const SYSTEMCTL_MILLISECONDS = 90_000;

export interface Workstation {
  readonly isRoot: () => boolean;
  /** sd_booted(3). */
  readonly hasSystemd: () => boolean;
  readonly systemctl: (...words: readonly string[]) => Promise<Said>;
  readonly run: (...command: readonly string[]) => Promise<Said>;
}

const run = (...command: readonly string[]) => runTool(command, SYSTEMCTL_MILLISECONDS);

export const MACHINE: Workstation = {
  isRoot: () => process.getuid?.() === 0,
  hasSystemd: () => existsSync("/run/systemd/system"),
  systemctl: (...words) => run("/usr/bin/systemctl", ...words),
  run,
};

/** @throws Error that says what was wanted */
export function needRoot(doing: string, machine: Pick<Workstation, "isRoot">): void {
  if (!machine.isRoot()) throw new Error(`Cannot ${doing}: root was wanted, as with sudo`);
}

/** @throws Error that says what was wanted */
export function needSystemd(doing: string, machine: Pick<Workstation, "hasSystemd">): void {
  if (machine.hasSystemd()) return;
  throw new Error(
    `Cannot ${doing}: systemd does not run here, and was wanted; a booted node takes clump.key= on its kernel command line`,
  );
}

/** Has systemctl do it. @throws Error with its words */
export async function systemctl(machine: Workstation, ...words: readonly string[]): Promise<void> {
  const { ok, complaint } = await machine.systemctl(...words);
  if (!ok) throw new Error(`Cannot ${words[0]} ${words.slice(1).join(" ")}: ${complaint}`);
}
