/** The name of this node: from the command line, from its lease, or made of its number. */

import { fillHostnamePattern } from "../../system/address/hostname.ts";

/** The name of a machine without a number. */
const UNNUMBERED = "clump";
const DEFAULT_PATTERN = "node%d";
/** Names of the default pattern: servers give back the name that a node has sent them, also in a later boot. */
const MADE = /^node\d+$/;

export interface NameOptions {
  readonly hostname?: string;
  /** A name with `%d` for the node number. */
  readonly hostnamePattern?: string;
}

/** The name of the node of this number, if it has one, with the name in its lease. */
export function nodeName(
  { hostname, hostnamePattern = DEFAULT_PATTERN }: NameOptions,
  { leased, node }: { readonly leased?: string | undefined; readonly node?: number | undefined } = {},
): string {
  const made = node === undefined ? undefined : fillHostnamePattern(hostnamePattern, node);
  const given = leased !== undefined && !MADE.test(leased) ? leased : undefined;
  const own = hostnamePattern === DEFAULT_PATTERN ? (given ?? made) : (made ?? given);
  return hostname ?? own ?? UNNUMBERED;
}
