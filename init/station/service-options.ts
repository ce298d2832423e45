/** The options of a workstation's services: files that systemd reads as their environment (EnvironmentFile=). */

import { rmSync } from "node:fs";
import { allowsMoves } from "../../cluster/moves-switch.ts";
import { replaceFile } from "../../system/files.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import type { StationOptions } from "./clump-conf.ts";

/** criu(8) of Debian's package. */
export const CRIU = "/usr/sbin/criu";

/** The words behind each service's name; absent for a service that does not run. */
export function serviceOptions(
  { discovery, moves, balance = "on", guests = "no", root = "no" }: Omit<StationOptions, "complaints">,
  hasKey: boolean,
): { readonly clumpd: string; readonly clumpjobs?: string } {
  const takesPart = allowsMoves(moves, hasKey);
  const clumpd = [
    // TCP has no users: on 127.0.0.1 each user of the workstation could give root's orders.
    ...["--control", "off"],
    ...(discovery === undefined ? [] : ["--discovery", discovery]),
    ...(takesPart ? ["--balance", balance] : []),
    // A workstation belongs to the person in front of it.
    ...["--guests", guests === "yes" ? "yes" : "no"],
  ];
  const clumpjobs = ["--criu", CRIU, ...(hasKey ? [] : ["--open"]), ...(root === "no" ? ["--no-root"] : [])];
  return { clumpd: clumpd.join(" "), ...(takesPart && { clumpjobs: clumpjobs.join(" ") }) };
}

/** Writes the files that the units name. @throws the error of the file system */
export function writeServiceOptions(root: string, options: StationOptions, hasKey: boolean): void {
  const { clumpd, clumpjobs } = serviceOptions(options, hasKey);
  replaceFile(`${root}${RUN_FOLDER}/clumpd.options`, `CLUMPD_OPTIONS=${clumpd}\n`);
  const jobs = `${root}${RUN_FOLDER}/clumpjobs.options`;
  if (clumpjobs === undefined) rmSync(jobs, { force: true });
  else replaceFile(jobs, `CLUMPJOBS_OPTIONS=${clumpjobs}\n`);
}
