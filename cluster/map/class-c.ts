/** The map that a node makes of the Class C network around its address. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";

const CLASS_C_PREFIX = 24;
const LAST_HOST = 254;

export interface OwnMap {
  /** The text of the map file. */
  readonly text: string;
  /** The last octet of the address: 192.168.1.77 is node 77. */
  readonly node: number;
  /** Why this map may be wrong: the prefix of the network is not 24. */
  readonly warning?: string;
}

/**
 * The map of the Class C network around an address in dotted decimal.
 * @throws RangeError where the address gives no node number
 */
export function mapFromAddress(address: string, prefix: number): OwnMap {
  const number = parseAddress(address);
  if (number === undefined) {
    throw new RangeError(
      `Cannot make a map from "${address}": it is no address, and one like 192.168.1.77 was wanted`,
    );
  }
  const node = number & 0xff;
  if (node === 0 || node > LAST_HOST) {
    throw new RangeError(
      `Cannot number this node from ${address}: its last octet is ${node}, and 1 to ${LAST_HOST} was wanted; give clump.map=`,
    );
  }
  const network = number - node;
  const first = formatAddress(network + 1);
  const text = `# Class C network ${formatAddress(network)}: the node number is the last octet of the address\n1 ${first} ${LAST_HOST}\n`;
  if (prefix === CLASS_C_PREFIX) return { text, node };
  return { text, node, warning: describeMismatch(address, prefix, first) };
}

function describeMismatch(address: string, prefix: number, first: string): string {
  return (
    `${address}/${prefix} is no Class C network (/${CLASS_C_PREFIX}): the map holds ${first} to ` +
    `${first.replace(/1$/, String(LAST_HOST))} all the same, give clump.map.span=prefix or clump.map= where that is wrong`
  );
}
