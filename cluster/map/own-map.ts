/** The map for this node: the map of `clump.map=`, or a map made from the address. */

import { parseAddress } from "../../system/address/ipv4.ts";
import type { Discovery } from "../view.ts";
import { checkMap } from "./check.ts";
import { mapFromAddress, type OwnMap } from "./class-c.ts";
import { formatMap, MAXIMUM_ENTRIES, mapOfOption, nodeAtAddress, parseMap, type ResolveHost } from "./map.ts";
import { omdiscdMap } from "./omdiscd-map.ts";
import { mapFromPrefix, type Span } from "./prefix-map.ts";

/** The messages are those of setpe, and begin with its name. */
const PROGRAM = "setpe";

/**
 * The map and the node number for an address in dotted decimal; `given` is the value of `clump.map=`.
 * @throws RangeError or SyntaxError with the message of setpe for the first fault of the map
 */
export async function chooseMap(options: {
  readonly address: string;
  readonly prefix: number;
  /** Of this node's other network interfaces. */
  readonly aliases?: readonly string[];
  readonly given: string | undefined;
  readonly resolve: ResolveHost;
  /** Value of `clump.discovery=`. */
  readonly discovery?: Discovery | undefined;
  /** Value of `clump.map.span=`. */
  readonly span?: Span | undefined;
}): Promise<OwnMap> {
  const { address, prefix, aliases = [], given, resolve, discovery, span } = options;
  if (given === undefined) {
    if (discovery === "omdiscd") return omdiscdMap(address);
    const map = span === "prefix" ? mapFromPrefix(address, prefix) : mapFromAddress(address, prefix);
    return await addAliases(map, aliases);
  }
  const entries = await parseMap(mapOfOption(given), { resolve, program: PROGRAM });
  const node = checkMap(entries, { addresses: [parseAddress(address) ?? 0] }, PROGRAM);
  return { text: `# Given by clump.map=\n${formatMap(entries)}`, node };
}

/**
 * The number that chooseMap() gives an address in dotted decimal, for what cannot wait for the map; nothing where the
 * number takes the map of `clump.map=`, or a prefix that is not known yet.
 */
export function numberOfAddress(
  address: string,
  { prefix, map, discovery, span }: NumberOptions,
): number | undefined {
  if (map !== undefined) return undefined;
  try {
    if (discovery === "omdiscd") return omdiscdMap(address).node;
    if (span !== "prefix") return mapFromAddress(address, 24).node;
    return prefix === undefined ? undefined : mapFromPrefix(address, prefix).node;
  } catch {
    // chooseMap() says why the address gives none.
    return undefined;
  }
}

interface NumberOptions {
  readonly prefix?: number;
  /** Value of `clump.map=`. */
  readonly map?: string;
  readonly discovery?: Discovery;
  readonly span?: Span;
}

/**
 * The map with an ALIAS line for each address that is in none of its ranges. setpe refuses an alias within a range: the
 * alias would claim the address of another node.
 */
async function addAliases(map: OwnMap, aliases: readonly string[]): Promise<OwnMap> {
  const entries = await parseMap(map.text, { resolve: async () => undefined, program: PROGRAM });
  const numbers = new Set(aliases.flatMap((alias) => parseAddress(alias) ?? []));
  const own = [...numbers].filter((number) => nodeAtAddress(entries, number) === undefined);
  const lines = own.toSorted((a, b) => a - b).map((address) => ({ base: map.node, address, count: 0 }));
  return { ...map, text: map.text + formatMap(lines.slice(0, MAXIMUM_ENTRIES - entries.length)) };
}
