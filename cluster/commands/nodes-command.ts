/** The command `clump nodes`: the nodes of the cluster, for people and, with --json, for programs. */

import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { uptime } from "../../system/uptime.ts";
import { isAlive } from "../gossip/entry.ts";
import { type NodeView, readView } from "../view.ts";
import { viewAsOf } from "../view-age.ts";
import type { CommandIo } from "./mosctl.ts";
import { formatTable } from "./table.ts";

export const NODES_HELP: CommandHelp = {
  name: "clump nodes",
  forms: ["[--json]"],
  does: "lists the nodes of the cluster",
  words: [["--json", "all that is known of them, for programs"]],
  document: "cluster.md",
};

const EXIT = { ok: 0, noCluster: 1, usage: 2 } as const;
const MEGABYTE = 2 ** 20;
/** All columns but address and state. */
const NUMBERS = [0, 3, 4, 5, 6, 7, 8, 9, 10];

/** Runs `clump nodes` with the words after it. Returns the exit code. */
export function runNodes(words: readonly string[], { root, stdout, stderr }: CommandIo): number {
  if (asksForHelp(words)) {
    stdout(formatHelp(NODES_HELP));
    return EXIT.ok;
  }
  const wrong = words.find((word, index) => word !== "--json" || index > 0);
  if (wrong !== undefined) {
    stderr(formatRefusal(NODES_HELP, `Cannot use "${wrong}": --json or nothing was wanted`));
    return EXIT.usage;
  }
  const written = readView(root);
  if (written === undefined) {
    stderr("clump: Cannot list the nodes: this node takes part in no cluster, and clumpd was wanted\n");
    return EXIT.noCluster;
  }
  const view = viewAsOf(written, uptime());
  if (words.length > 0) stdout(`${JSON.stringify(view, undefined, 2)}\n`);
  else stdout(formatNodes(view.nodes, uptime()) + view.problems.map((line) => `problem: ${line}\n`).join(""));
  return EXIT.ok;
}

/**
 * A table with a line for each node; "-" is unknown, and the last column is seconds since the node was heard. Where some
 * node has guests or processes that are away, their numbers stand before it.
 */
export function formatNodes(nodes: readonly NodeView[], now: number): string {
  const hasJobs = nodes.some(({ guests = 0, away = 0 }) => guests + away > 0);
  const jobs = hasJobs ? ["guests", "away"] : [];
  const head = ["node", "address", "state", "load", "cpus", "speed", "free MB", "of MB", ...jobs, "age"];
  const rows = nodes.map((node) => [
    `${node.id || "-"}${node.isSelf ? "*" : ""}`,
    node.address,
    node.state,
    isAlive(node.state) ? node.load.toFixed(2) : "-",
    String(node.cpus || "-"),
    String(node.speed || "-"),
    isAlive(node.state) ? String(Math.round(node.memoryFree / MEGABYTE)) : "-",
    String(Math.round(node.memoryTotal / MEGABYTE) || "-"),
    ...(hasJobs
      ? [node.guests ?? 0, node.away ?? 0].map((count) => (isAlive(node.state) ? `${count}` : "-"))
      : []),
    Math.max(now - node.heardUptime, 0).toFixed(0),
  ]);
  return formatTable(head, rows, NUMBERS);
}
