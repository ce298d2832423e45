/** The help of the commands that only a workstation has. */

import type { CommandHelp } from "../../system/command-help.ts";

const DOCUMENT = "workstation.md";

export const JOIN_HELP: CommandHelp = {
  name: "clump join",
  forms: ["[KEY]"],
  does: "makes this workstation a node of its network's cluster, now and after each start",
  words: [
    ["KEY", "the cluster key, - to read it from standard input; default the key that is there, or a new key"],
  ],
  examples: ["clump join", "clump join room7"],
  document: DOCUMENT,
};

export const LEAVE_HELP: CommandHelp = {
  name: "clump leave",
  does: "brings the jobs of this workstation home, sends guests away, and ends its part in the cluster",
  document: DOCUMENT,
};

export const KEY_HELP: CommandHelp = {
  name: "clump key",
  forms: ["show|new"],
  does: "shows the cluster key of this workstation, or makes a new key",
  words: [
    ["show", "prints the key"],
    ["new", "makes a key for the next clump join, and prints it"],
  ],
  document: DOCUMENT,
};

export const DOCTOR_HELP: CommandHelp = {
  name: "clump doctor",
  does: "says what this workstation has and lacks for its part in a cluster, and how to get it",
  document: DOCUMENT,
};

export const CLUMPSTATION_HELP: CommandHelp = {
  name: "clumpstation",
  forms: ["[--root DIR]"],
  does: "keeps number and map of a workstation in step with its network, for clumpd",
  words: [["--root DIR", "the tree of the workstation, default /"]],
  document: DOCUMENT,
};
