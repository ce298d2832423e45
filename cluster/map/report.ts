/** The report of `setpe -r`, as openMosix prints it. */

import { formatAddress } from "../../system/address/ipv4.ts";
import type { MapEntry } from "./map.ts";

/** The host name of an address, or nothing where it has none. */
export type NameAddress = (address: number) => Promise<string | undefined>;

export const DISABLED_REPORT = "OpenMosix is currently disabled\n";

/** The lines of a configured node: its number, each entry of its map in order, and the number of nodes. */
export async function formatReport(
  { node, entries }: { readonly node: number; readonly entries: readonly MapEntry[] },
  nameAddress: NameAddress,
): Promise<string> {
  const lines = [`This is OpenMosix node #${node}`, "Network protocol: 2 (AF_INET)"];
  for (const entry of entries) lines.push(await formatEntry(entry, nameAddress));
  lines.push(
    `Total configured: ${entries.reduce((sum, { count }) => sum + count, 0)}${countAliases(entries)}`,
  );
  return `${lines.join("\n")}\n`;
}

async function formatEntry({ base, address, count }: MapEntry, nameAddress: NameAddress): Promise<string> {
  if (count === 0) return `Node ${base} has an alias: ${formatAddress(address)}`;
  const first = String(base).padStart(5);
  const last = String(base + count - 1).padEnd(5);
  return `OpenMosix range ${first}-${last} begins at ${(await nameAddress(address)) ?? formatAddress(address)}`;
}

function countAliases(entries: readonly MapEntry[]): string {
  const aliases = entries.filter(({ count }) => count === 0).length;
  if (aliases === 0) return "";
  return aliases === 1 ? "; 1 alias" : `; ${aliases} aliases`;
}
