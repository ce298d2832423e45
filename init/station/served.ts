/** /etc/clump.serve: how this workstation boots other PCs, which clump serve writes and systemd reads. */

import { rmSync } from "node:fs";
import {
  formatInterfaceOptions,
  type InterfaceOptions,
  parseInterfaceOptions,
} from "../../modes/serve/options.ts";
import { readOptional, replaceFile } from "../../system/files.ts";
import type { StationOptions } from "./clump-conf.ts";

/** EnvironmentFile= of clumpserve.service. */
export const SERVED_PATH = "/etc/clump.serve";
const VARIABLE = "CLUMPSERVE_OPTIONS=";

/** Absent where the workstation serves nobody, or the file is none of ours. */
export function readServed(root: string): InterfaceOptions | undefined {
  const line = readOptional(root + SERVED_PATH)?.trim();
  if (!line?.startsWith(VARIABLE)) return undefined;
  try {
    return parseInterfaceOptions(line.slice(VARIABLE.length).split(" "));
  } catch {
    return undefined;
  }
}

/** `undefined` removes the file. @throws the error of the file system */
export function writeServed(root: string, options: InterfaceOptions | undefined): void {
  if (options === undefined) rmSync(root + SERVED_PATH, { force: true });
  else replaceFile(root + SERVED_PATH, `${VARIABLE}${formatInterfaceOptions(options)}\n`);
}

/** The nodes that boot from a workstation are on that network, and so the workstation is a node there: clump.nic= wins. */
export function withServedNic(root: string, options: StationOptions): StationOptions {
  const nic = options.nic ?? readServed(root)?.interface;
  return nic === undefined ? options : { ...options, nic };
}
