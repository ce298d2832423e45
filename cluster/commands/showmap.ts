/** The command showmap of openMosix-tools: the map as a table. */

import { formatAddress } from "../../system/address/ipv4.ts";
import { type CommandHelp, formatHelp } from "../../system/command-help.ts";
import { type MapEntry, parseMap } from "../map/map.ts";
import { readMapText, readOwnNode } from "../map/node-map.ts";
import type { CommandIo } from "./mosctl.ts";

export const SHOWMAP_HELP: CommandHelp = {
  name: "showmap",
  does: "lists the ranges of the map: first node number, first address, how many nodes",
  document: "cluster.md#the-map",
};

/** As showmap of openMosix-tools 0.3.6: it takes no options, and ignores all words but --help. */
const EXIT = { ok: 0, noMap: 6 } as const;

/** Prints the map of the node below `root`. Returns the exit code. */
export async function runShowmap(
  argv: readonly string[],
  { root, stdout, stderr }: CommandIo,
): Promise<number> {
  if (argv[0] === "--help") {
    stdout(formatHelp(SHOWMAP_HELP));
    return EXIT.ok;
  }
  const node = readOwnNode(root);
  const text = readMapText(root);
  if (node === undefined || text === undefined) {
    // True here too: only a kernel of openMosix has that file.
    stderr("Unable to read /proc/hpc/admin/config\n");
    stdout(`My Node-Id: ${hexadecimal(0)}\n\n`);
    return EXIT.noMap;
  }
  const entries = await parseMap(text, { resolve: async () => undefined, program: "showmap" });
  stdout(formatShowmap(node, entries));
  return EXIT.ok;
}

/** The table of showmap, an entry of the map a row. */
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
