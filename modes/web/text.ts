/** The node and its cluster as plain text, for curl and for browsers without scripts. */

import { formatNodes } from "../../cluster/commands/clump-command.ts";
import { headlineOf, nodeOf, type Present } from "./present.ts";

export function formatText(present: Present): string {
  const { cluster, uptime } = present;
  const facts = nodeOf(present).facts.map(({ label, text }) => `${label.padEnd(9)} ${text}`.trimEnd());
  const lines = [headlineOf(present), "", ...facts].map((line) => `${printable(line)}\n`).join("");
  return cluster ? `${lines}\n${printable(formatNodes(cluster.nodes, uptime))}` : lines;
}

/** What comes from the network may not speak to the reader's terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, "?");
}
