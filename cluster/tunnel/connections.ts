/** The TCP connections of this node, as far as they go through the tunnel. */

import { readOptional } from "../../system/files.ts";
import type { InnerAddresses } from "./inner-addresses.ts";

const CONNECTIONS = "/proc/net/tcp6";

/** LAN addresses of the nodes with which this node has a connection through the tunnel; proc_pid_net(5). */
export function connectedNodes(addresses: InnerAddresses): ReadonlySet<string> {
  return parseConnections(readOptional(CONNECTIONS) ?? "", addresses);
}

/** The same of a text: "0: LOCAL:PORT REMOTE:PORT …", an address being four words of 32 bits in the host's order. */
export function parseConnections(text: string, addresses: InnerAddresses): ReadonlySet<string> {
  const remotes = text.matchAll(/^ *\d+: [0-9A-F]{32}:[0-9A-F]{4} ([0-9A-F]{32}):/gm);
  const nodes = [...remotes].flatMap(([, digits = ""]) => {
    const bytes = Uint8Array.fromHex(digits);
    for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
    return addresses.lanAddressOfBytes(bytes) ?? [];
  });
  return new Set(nodes);
}
