/** How a workstation serves a network: as its DHCP server, or beside the one that is there. */

import type { networkInterfaces } from "node:os";
import type { Pool } from "../../modes/serve/pool.ts";
import { findServedNetwork } from "../../modes/serve/served-network.ts";
import {
  addressToNumber,
  broadcastOf,
  formatAddress,
  maskToPrefix,
  networkOf,
} from "../../system/address/ipv4.ts";

/** As an IPv4 address of an interface with a cable. @throws RangeError that names what was wanted */
export function findOwnNetwork(
  name: string,
  interfaces: ReturnType<typeof networkInterfaces>,
): { readonly address: string; readonly prefix: number } {
  const { address, mask } = findServedNetwork(name, interfaces);
  return { address, prefix: maskToPrefix(addressToNumber(mask)) ?? 32 };
}

/**
 * The addresses to lease in a network of this workstation's own: of its Class C part, the longer side of the
 * workstation's address. Absent where the network has none.
 */
export function poolBeside({ address, prefix }: ReturnType<typeof findOwnNetwork>): Pool | undefined {
  const width = Math.max(prefix, 24);
  const own = addressToNumber(address);
  const first = addressToNumber(networkOf(address, width)) + 1;
  const last = addressToNumber(broadcastOf(address, width)) - 1;
  const [from, to] = last - own >= own - first ? [own + 1, last] : [first, own - 1];
  return prefix < 31 && from <= to ? [formatAddress(from), formatAddress(to)] : undefined;
}
