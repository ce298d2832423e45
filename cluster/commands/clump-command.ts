/** The command clump: `clump nodes` lists the cluster, for people and, with --json, for programs. */

import { uptime } from "node:os";
import { isAlive } from "../gossip/entry.ts";
import { type NodeView, readView } from "../view.ts";
import { viewAsOf } from "../view-age.ts";
import type { CommandIo } from "./mosctl.ts";

export const CLUMP_USAGE = `Usage: clump nodes [--json]
       clump report [--output FILE] [WHERE]
       clump menu
       clump dhcp|nic NIC
       clump static NIC ADDRESS/PREFIX [via ROUTER] [dns ADDRESS,ADDRESS...]
       clump start|stop clumpd
`;

const EXIT = { ok: 0, noCluster: 1, usage: 2 } as const;
const MEGABYTE = 2 ** 20;

export function runClump(argv: readonly string[], { root, stdout, stderr }: CommandIo): number {
  const [verb, option, ...more] = argv;
  if (verb !== "nodes" || more.length > 0 || (option !== undefined && option !== "--json")) {
    stderr(CLUMP_USAGE);
    return EXIT.usage;
  }
  const written = readView(root);
  if (written === undefined) {
    stderr("clump: Cannot list the nodes: this node takes part in no cluster yet\n");
    return EXIT.noCluster;
  }
  const view = viewAsOf(written, uptime());
  if (option === "--json") stdout(`${JSON.stringify(view, undefined, 2)}\n`);
  else stdout(formatNodes(view.nodes, uptime()) + view.problems.map((line) => `problem: ${line}\n`).join(""));
  return EXIT.ok;
}

/** A table with a line for each node; "-" is unknown, and the last column is seconds since the node was heard. */
export function formatNodes(nodes: readonly NodeView[], now: number): string {
  const head = ["node", "address", "state", "load", "cpus", "speed", "free MB", "of MB", "age"];
  const rows = nodes.map((node) => [
    `${node.id || "-"}${node.isSelf ? "*" : ""}`,
    node.address,
    node.state,
    isAlive(node.state) ? (node.load / 100).toFixed(2) : "-",
    String(node.cpus || "-"),
    String(node.speed || "-"),
    isAlive(node.state) ? String(Math.round(node.memoryFree / MEGABYTE)) : "-",
    String(Math.round(node.memoryTotal / MEGABYTE) || "-"),
    Math.max(now - node.heardUptime, 0).toFixed(0),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = [head, ...rows].map((row) => row.map((cell, column) => pad(cell, column, widths)).join("  "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** Addresses and states begin, and numbers end, where their column does. */
function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 || column === 2 ? cell.padEnd(width) : cell.padStart(width);
}
