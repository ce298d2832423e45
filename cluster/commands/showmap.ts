/** The command showmap of openMosix-tools: the table of nodes as discovery has made it. */

import { formatAddress } from "../../system/address/ipv4.ts";
import { type MapEntry, parseMap } from "../map/map.ts";
import { readMapText, readOwnNode } from "../map/node-map.ts";
import type { CommandIo } from "./mosctl.ts";

/** Prints the map of the node below `root`; 1 where there is none. */
export async function runShowmap({ root, stdout, stderr }: CommandIo): Promise<number> {
  const node = readOwnNode(root);
  const text = readMapText(root);
  if (node === undefined || text === undefined) {
    stderr("showmap: Cannot show the map: this node is not configured\n");
    return 1;
  }
  const entries = await parseMap(text, { resolve: async () => undefined, program: "showmap" });
  stdout(formatShowmap(node, entries));
  return 0;
}

/** As showmap of openMosix-tools 0.3.6 prints it. */
export function formatShowmap(node: number, entries: readonly MapEntry[]): string {
  const rows = entries.map(({ base, address, count }) => {
    const place =
      count === 0
        ? `${formatAddress(address).padEnd(16)} alias`
        : `${formatAddress(address).padEnd(16)} ${count}`;
    return `${hexadecimal(base)}       ${place}`;
  });
  const head = ["Base Node-Id Address          Count", "------------ ---------------- -----"];
  return `${[`My Node-Id: ${hexadecimal(node)}`, "", ...head, ...rows].join("\n")}\n`;
}

function hexadecimal(node: number): string {
  return `0x${node.toString(16).padStart(4, "0")}`;
}
