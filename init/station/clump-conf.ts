/** /etc/clump.conf: the options of a workstation, one a line, in the grammar of the kernel command line. */

import type { Guests } from "../../cluster/moves-switch.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { present } from "../../system/optional.ts";
import { hideSecrets } from "../../system/secrets.ts";
import type { BootOptions } from "../options/boot-options.ts";
import { parseCommandLine } from "../options/command-line.ts";

export const CONF_PATH = "/etc/clump.conf";

/** The options that a workstation takes; the others are about the boot and the screens of a node. */
export const STATION_OPTIONS: readonly string[] = [
  "clump.nic",
  "clump.map",
  "clump.map.span",
  "clump.discovery",
  "clump.moves",
  "clump.balance",
  "clump.guests",
  "clump.root",
];

/** A booted node has nobody who types, and does not know this value. */
const IDLE = "clump.guests=idle";

export interface StationOptions
  extends Pick<BootOptions, "map" | "span" | "discovery" | "moves" | "balance" | "root"> {
  /** Name or hardware address of the NIC whose address makes the node; default the NIC of the default route. */
  readonly nic?: string;
  /** Whether processes of other nodes run here; "idle": while nobody uses the workstation. */
  readonly guests?: Guests | "idle";
  /** One sentence for each line that cannot be used, with the file and the number of the line. */
  readonly complaints: readonly string[];
}

/** Reads the text of the file. A line that cannot be used leaves a complaint, and the option as it was. */
export function parseConf(text: string): StationOptions {
  const complaints: string[] = [];
  const usable: string[] = [];
  let isIdle = false;
  for (const [index, line] of text
    .split("\n")
    .map((each) => each.trim())
    .entries()) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("clump.guests=")) isIdle = line === IDLE;
    if (line === IDLE) continue;
    const [refusal] = [...refuseLine(line), ...parseCommandLine(line).complaints];
    if (refusal === undefined) usable.push(line);
    else complaints.push(`${CONF_PATH}, line ${index + 1}: ${refusal}`);
  }
  const { map, span, discovery, moves, balance, guests, root, preferredNics } = parseCommandLine(
    usable.join(" "),
  );
  return {
    ...{ ...present("map", map), ...present("span", span), ...present("discovery", discovery) },
    ...{
      ...present("moves", moves),
      ...present("balance", balance),
      ...present("guests", isIdle ? ("idle" as const) : guests),
    },
    ...present("root", root),
    ...present("nic", preferredNics[0]?.name),
    complaints,
  };
}

function refuseLine(line: string): string[] {
  const [parameter = "", ...rest] = splitParameters(line);
  const name = parameter.replace(/=.*/s, "");
  if (name === "clump.key")
    return ["Cannot use clump.key: every user may read this file, and clump join KEY was wanted"];
  if (!STATION_OPTIONS.includes(name)) {
    const wanted = `one of ${STATION_OPTIONS.join(", ")} was wanted`;
    return [`Cannot use "${hideSecrets(name)}": it is no option of a workstation, and ${wanted}`];
  }
  if (name === "clump.guests" && !/=(no|idle|yes)$/.test(parameter))
    return [`Cannot use ${parameter}: no, idle or yes is wanted, ignoring`];
  return rest.length === 0 ? [] : [`Cannot use "${rest[0]}": one option a line was wanted, ignoring`];
}
