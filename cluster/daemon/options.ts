/** What the kernel command line says of the cluster; all but its key, which PID 1 puts in a file. */

import { parseAddress } from "../../system/address/ipv4.ts";
import { readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { DISCOVERIES, type Discovery } from "../view.ts";

/** Beside the gossip's, which is UDP. */
export const CONTROL_PORT = 5430;

export interface ClusterOptions {
  readonly discovery: Discovery;
  readonly control: { readonly address: string; readonly port: number };
}

/** The options on the command line of the machine below `root`; what cannot be used is as if it were not there. */
export function readClusterOptions(root: string): ClusterOptions {
  return parseClusterOptions(readOptional(`${root}/proc/cmdline`) ?? "");
}

/** Of an option given twice the last that can be used wins; PID 1 names those that cannot. */
export function parseClusterOptions(text: string): ClusterOptions {
  return {
    discovery: valuesOf(text, "clump.discovery").findLast(isDiscovery) ?? "map",
    control: valuesOf(text, "clump.control")
      .map(parseControl)
      .findLast((value) => value !== undefined) ?? { address: "127.0.0.1", port: CONTROL_PORT },
  };
}

export function isDiscovery(text: string): text is Discovery {
  return DISCOVERIES.some((name) => name === text);
}

/** "10.0.0.1:5430", or either part alone. */
export function parseControl(value: string): ClusterOptions["control"] | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})?(?:(?:^|:)(\d{1,5}))?$/.exec(value);
  const port = Number(match?.[2] ?? CONTROL_PORT);
  const address = match?.[1] ?? "127.0.0.1";
  if (!match || value === "" || port < 1 || port > 65_535) return undefined;
  return parseAddress(address) === undefined ? undefined : { address, port };
}

/** Words part at blanks that are not within double quotes, as the kernel has it. */
function valuesOf(text: string, name: string): string[] {
  return splitParameters(text)
    .filter((word) => word.startsWith(`${name}=`))
    .map((word) => word.slice(name.length + 1));
}
