import type { CommandHelp } from "../../system/command-help.ts";

export const POWER_VERBS = ["wake", "poweroff", "reboot", "blink"] as const;
export type PowerVerb = (typeof POWER_VERBS)[number];

const BY_NUMBER = ["N", "the node with that number"] as const;
const KEYED =
  "Another node follows a node that proves the cluster key (clump.key=) at its control port, which clump.control=0.0.0.0 opens. Its log names the node that asked.";
const document = "cluster.md#moving-machines";

export const POWER_HELPS: Readonly<Record<PowerVerb, CommandHelp>> = {
  wake: {
    name: "clump wake",
    forms: ["N|all"],
    does: "turns on nodes that are off, by Wake-on-LAN",
    words: [BY_NUMBER, ["all", "every node that was heard since this node is up, and is not up now"]],
    notes: ["The firmware of the PC has to have Wake-on-LAN switched on."],
    document,
  },
  poweroff: {
    name: "clump poweroff",
    forms: ["N|all"],
    does: "powers nodes off",
    words: [BY_NUMBER, ["all", "every node that is up, this node last"]],
    notes: [KEYED],
    document,
  },
  reboot: {
    name: "clump reboot",
    forms: ["N"],
    does: "restarts a node",
    words: [BY_NUMBER],
    notes: [KEYED],
    document,
  },
  blink: {
    name: "clump blink",
    forms: ["[N|all]"],
    does: "blinks the lights of a PC for 20 s, so that a person finds it",
    words: [BY_NUMBER, ["all", "every node that is up"]],
    notes: ["The lights are those of the keyboard; default this node.", KEYED],
    document,
  },
};
