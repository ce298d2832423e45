import type { CommandHelp } from "../../system/command-help.ts";
import { CONTROL_WORDS } from "../daemon/control-help.ts";

/** The answer to `--help`; without a word mosctl prints the usage of openMosix. */
export const MOSCTL_HELP: CommandHelp = {
  name: "mosctl",
  forms: ["VERB [NODE]"],
  does: "openMosix's commands: asks for loads and states, and sets how this node takes part",
  words: CONTROL_WORDS,
  notes: ["NODE is a node number, default this node."],
  document: "cluster.md",
};
