/** The map this node is configured with: the one given by hand, or the one its address makes. */

import { parseDottedAddress } from "./address.ts";
import { checkMap } from "./check.ts";
import { mapFromAddress, type OwnMap } from "./class-c.ts";
import { formatMap, mapOfOption, parseMap, type ResolveHost } from "./map.ts";
import { omdiscdMap } from "./omdiscd-map.ts";
import type { Discovery } from "./view.ts";

/** As the messages of setpe begin; they are its, and it is what a user looks for. */
const PROGRAM = "setpe";

/**
 * The map and own number for an address; `given` is the value of `clump.map=`.
 * @throws RangeError or SyntaxError where there is none: the message of setpe's rule that is broken
 */
export async function chooseMap(options: {
  readonly address: string;
  readonly prefix: number;
  readonly given: string | undefined;
  readonly resolve: ResolveHost;
  /** Value of `clump.discovery=`. */
  readonly discovery?: Discovery | undefined;
}): Promise<OwnMap> {
  const { address, prefix, given, resolve, discovery } = options;
  if (given === undefined)
    return discovery === "omdiscd" ? omdiscdMap(address) : mapFromAddress(address, prefix);
  const entries = await parseMap(mapOfOption(given), { resolve, program: PROGRAM });
  const node = checkMap(entries, { addresses: [parseDottedAddress(address) ?? 0] }, PROGRAM);
  return { text: `# Given by clump.map=\n${formatMap(entries)}`, node };
}
