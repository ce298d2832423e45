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

export const SERVE_HELP: CommandHelp = {
  name: "clump serve",
  forms: ["[INTERFACE [--dhcp FROM,TO] [--no-key]|off]"],
  does: "boots the other PCs of a network as nodes with the key of this workstation, now and after each start",
  words: [
    ["INTERFACE", "serve there; without a word, say whether this workstation serves"],
    ["off", "serve nobody any more"],
    [
      "--dhcp FROM,TO",
      "be the DHCP server there, and lease these addresses; default where no server answers, as the command says",
    ],
    ["--no-key", "keep the cluster key from the nodes"],
  ],
  notes: [
    "Every machine on that network can read the cluster key from this workstation, except with --no-key.",
  ],
  examples: ["clump serve eth1", "clump serve off"],
  document: "workstation.md#boot-the-other-pcs",
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
