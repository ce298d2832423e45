/** The TCP connections of this node, as far as they go through the tunnel. */

import { readOptional } from "../../system/files.ts";
import type { InnerAddresses } from "./inner-addresses.ts";

const CONNECTIONS = "/proc/net/tcp6";

/**
 * LAN addresses of the nodes with which this node has a connection through the tunnel, or is about to have one;
 * proc_pid_net(5). A connection that this node has closed is none: its last packets may be for a node that is dead.
 */
export function connectedNodes(addresses: InnerAddresses): ReadonlySet<string> {
  return parseConnections(readOptional(CONNECTIONS) ?? "", addresses);
}

/** The same of a text: "0: LOCAL:PORT REMOTE:PORT STATE …", an address being four words of 32 bits in the host's order. */
export function parseConnections(text: string, addresses: InnerAddresses): ReadonlySet<string> {
  // ESTABLISHED, SYN_SENT, SYN_RECV and CLOSE_WAIT of linux/tcp_states.h.
  const remotes = text.matchAll(
    /^ *\d+: [0-9A-F]{32}:[0-9A-F]{4} ([0-9A-F]{32}):[0-9A-F]{4} (?:01|02|03|08) /gm,
  );
  const nodes = [...remotes].flatMap(([, digits = ""]) => {
    const bytes = Uint8Array.fromHex(digits);
    for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
    return addresses.lanAddressOfBytes(bytes) ?? [];
  });
  return new Set(nodes);
}
