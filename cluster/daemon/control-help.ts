/** What each verb of mosctl and of the control port does. */

import { TOPOLOGIES } from "../balance/switch.ts";

export const CONTROL_WORDS: readonly (readonly [call: string, meaning: string])[] = [
  ["stay, nostay", "no process leaves this node by load balancing; processes may leave"],
  ["lstay, nolstay", "the same for processes of this node alone"],
  ["block, noblock", "no process of another node comes here; processes may come"],
  ["quiet, noquiet", "no load balancing activity on this node; activity again"],
  ["topology [KIND]", `what this node is, or is from now on: ${TOPOLOGIES.join(", ")}`],
  ["nomfs, mfs", "other nodes do not see the files of this node; nodes see the files"],
  ["expel", "sends the processes of other nodes home, or on, and takes no more; by mosctl alone"],
  ["bring", "brings the processes of this node home, where they stay; by mosctl alone"],
  ["status [NODE]", "whether the node is up, and its settings"],
  ["isup [NODE]", "whether the node is up"],
  ["whois [NODE|ADDRESS|NAME]", "the number or the address of the node"],
  ["getload [NODE]", "its load; 100 is one process for each standard processor"],
  ["getspeed [NODE]", "its speed; 10000 is the standard processor"],
  ["getmem [NODE]", "its free and its whole memory"],
  ["getfree [NODE]", "its free memory"],
  ["getutil [NODE]", "how busy its processors are, in percent"],
  ["setspeed SPEED", "sets the speed of this node"],
  ["gettune, getyard, setyard", "need a kernel of openMosix"],
  ["getdecay, setdecay, sdecay", "need a kernel of openMosix"],
  ["nodes", "a line of figures for each node"],
  ["view", "all that is known of the cluster, as JSON"],
  ["help", "lists these verbs"],
];

export const JOBS_VERB = "jobs";

/** Verbs of the control port that mosctl does not have: `clump` has them. */
const ORDER_WORDS = [
  [JOBS_VERB, "what has moved here or from here, as JSON"],
  ["poweroff, reboot, blink", "powers this machine off, restarts it, blinks its lights"],
  ["wake NODE|all", "calls nodes that are off by Wake-on-LAN"],
] as const;

/** Every verb of the list; other verbs are other names of these. */
export function listedVerbs(): string[] {
  return CONTROL_WORDS.flatMap(([call]) => call.split(", ").map((each) => each.replace(/ .*/, "")));
}

/** The answer to `help`: a line for each verb. */
export function formatControlHelp(): string {
  const rows = [...CONTROL_WORDS, ...ORDER_WORDS, ["quit", "ends this connection"]] as const;
  const width = Math.max(...rows.map(([call]) => call.length));
  return rows.map(([call, meaning]) => `${call.padEnd(width)}  ${meaning}`).join("\n");
}
