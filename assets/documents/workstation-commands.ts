/** The commands of a workstation, which has a part of those of a booted node, for its man pages and completions. */

import { COMMAND_HELPS, SERVICE_HELPS } from "../../init/helps.ts";
import type { CommandHelp } from "../../system/command-help.ts";

/** Commands that give orders to process 1 of a booted node, or show what only its image has. */
const OF_NODES = [
  ...["clump dhcp", "clump nic", "clump static", "clump start", "clump stop", "clump tools", "clump menu"],
  ...["clump report", "menu", "man", "init", "clumpvnc", "clumpweb"],
];

const isHere = ({ name }: CommandHelp) => !OF_NODES.includes(name);

/** What a person types, the verbs of clump among them: "clump nodes". */
export const WORKSTATION_COMMANDS: readonly CommandHelp[] = COMMAND_HELPS.filter(isHere);

export const WORKSTATION_SERVICES: readonly CommandHelp[] = SERVICE_HELPS.filter(isHere);
