/** The map of a whole subnet, for `clump.map.span=prefix`. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { MAXIMUM_NODE } from "./check.ts";
import type { OwnMap } from "./class-c.ts";

/** What the map of a node covers: the Class C network of its address, or the whole network of its prefix. */
export const SPANS = ["class-c", "prefix"] as const;
export type Span = (typeof SPANS)[number];

/** A network with a shorter prefix has more hosts than there are node numbers; with a longer prefix it has no two hosts. */
const SHORTEST_PREFIX = 16;
const LONGEST_PREFIX = 30;

export function isSpan(text: string): text is Span {
  return SPANS.some((span) => span === text);
}

/**
 * The map of the network of an address in dotted decimal; the node number is the host number.
 * @throws RangeError where the address gives no node number
 */
export function mapFromPrefix(address: string, prefix: number): OwnMap {
  const number = parseAddress(address);
  const place = `${address}/${prefix}`;
  if (number === undefined) {
    throw new RangeError(
      `Cannot make a map from "${address}": it is no address, and one like 192.168.1.77 was wanted`,
    );
  }
  if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
    const why = prefix < SHORTEST_PREFIX ? `more than the ${MAXIMUM_NODE} there are` : "none";
    throw new RangeError(
      `Cannot number the nodes of all ${place}: it takes ${why}, and a prefix of ` +
        `${SHORTEST_PREFIX} to ${LONGEST_PREFIX} was wanted; give clump.map= or leave out clump.map.span=`,
    );
  }
  const hosts = 2 ** (32 - prefix) - 2;
  const node = number % 2 ** (32 - prefix);
  if (node === 0 || node > hosts) {
    throw new RangeError(
      `Cannot number this node from ${place}: its host number is ${node}, and 1 to ${hosts} was wanted; give clump.map=`,
    );
  }
  const network = number - node;
  return {
    node,
    text:
      `# Network ${formatAddress(network)}/${prefix}: the node number is the host number\n` +
      `1 ${formatAddress(network + 1)} ${hosts}\n`,
  };
}
