/** The node and its cluster as plain text, for curl and for browsers without scripts. */

import { formatNodes } from "../../cluster/commands/nodes-command.ts";
import { formatJobs } from "../figures/jobs.ts";
import { headlineOf, nodeOf, type Snapshot } from "./snapshot.ts";

export function formatText(snapshot: Snapshot): string {
  const { cluster, uptime, moves, now } = snapshot;
  const facts = nodeOf(snapshot).facts.map(({ label, text }) => `${label.padEnd(9)} ${text}`.trimEnd());
  const lines = [headlineOf(snapshot), "", ...facts].map((line) => `${printable(line)}\n`).join("");
  const nodes = cluster ? `\n${printable(formatNodes(cluster.nodes, uptime))}` : "";
  const jobs = moves ? `\n${printable(formatJobs(moves, cluster?.nodes ?? [], now))}` : "";
  return `${lines}${nodes}${jobs}`;
}

/** Control characters from the network must not steer the reader's terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, "?");
}
