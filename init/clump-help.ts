import type { CommandHelp } from "../system/command-help.ts";

export const CLUMP_HELP: CommandHelp = {
  name: "clump",
  forms: ["VERB [WORD...]"],
  does: "does what the verb says",
  notes: ["clump help lists the verbs; clump help VERB tells of one of them."],
};

export const HELP_HELP: CommandHelp = {
  name: "clump help",
  forms: ["[VERB]"],
  does: "lists the commands, or tells of one of them",
};

export const MAN_HELP: CommandHelp = {
  name: "man",
  forms: ["COMMAND"],
  does: "shows the page of a command of this list",
  examples: ["man clumpview", "man clump nodes"],
};
