/** Whether a DHCP server answers on a network: asks as a client would, and takes nothing. */

import { readReply } from "../../probes/dhcp/reply.ts";
import { encodeBroadcast, encodeRequest } from "../../probes/dhcp/request.ts";
import type { Link, Network } from "../../system/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";

/** A server may look with ping(8) for 3 s whether an address is free before it offers it. */
const TRIES = 4;
const TRY_MILLISECONDS = 2_500;

/** The server that offers this machine an address, "192.168.1.1"; absent where nobody does. @throws SyscallError */
export async function findDhcpServer(
  network: Pick<Network, "openPacketSocket">,
  link: Link,
  milliseconds = TRY_MILLISECONDS,
): Promise<string | undefined> {
  const socket = network.openPacketSocket(link.index, "dhcp");
  try {
    const xid = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const offered = hear(socket.packets, link.address, xid);
    for (let secs = 0; secs < TRIES; secs++) {
      const request = { type: "DISCOVER", xid, secs, broadcast: true } as const;
      const payload = encodeRequest(request, { mac: link.address, mtu: link.mtu });
      socket.send(encodeBroadcast(payload), ETHERNET_BROADCAST);
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(late.resolve, milliseconds, undefined);
      const server = await Promise.race([offered, late.promise]).finally(() => clearTimeout(timer));
      if (server !== undefined) return server;
    }
    return undefined;
  } finally {
    socket.close();
  }
}

/** Settles with the first offer, and never where there is none. */
async function hear(packets: AsyncIterable<Uint8Array>, mac: Uint8Array, xid: number): Promise<string> {
  for await (const packet of packets) {
    try {
      const reply = readReply(packet, { mac });
      if (reply.xid !== xid) continue;
      if (reply.kind === "offer") return reply.lease.server;
      // It gives addresses away all the same.
      if (reply.kind === "unusable") return "whose offers are faulty";
    } catch {
      // What is no answer to this machine is another's.
    }
  }
  return await new Promise(() => {});
}
