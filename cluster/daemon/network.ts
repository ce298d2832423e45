/** The sockets of the daemon: discovery by multicast, gossip from node to node. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { DISCOVERY_GROUP } from "../discovery/packet.ts";
import { GOSSIP_PORT } from "../gossip/packet.ts";

export interface Wire {
  /** Sends it, or not: the network may be away for a moment. */
  send(bytes: Uint8Array, to?: number): void;
  close(): void;
}

type OnDatagram = (bytes: Uint8Array, from: number) => void;

/**
 * Hears and speaks to the group of omdiscd on the network card with that address, on the port of discovery or
 * of the gossip. @throws the error of the socket
 */
export async function openGroup(address: number, port: number, onDatagram: OnDatagram): Promise<Wire> {
  const own = formatAddress(address);
  const socket = await openSocket({ hostname: DISCOVERY_GROUP, port, onDatagram });
  try {
    socket.setMulticastInterface(own);
    socket.setMulticastTTL(1);
    socket.setMulticastLoopback(false);
    socket.addMembership(DISCOVERY_GROUP, own);
  } catch (error) {
    // The address may be gone again; a socket left behind would keep the port from the next try.
    socket.close();
    throw error;
  }
  return {
    send: (bytes) => attempt(() => socket.send(bytes, port, DISCOVERY_GROUP)),
    close: () => socket.close(),
  };
}

/** Hears and speaks from that address. @throws the error of the socket */
export async function openGossip(address: number, onDatagram: OnDatagram): Promise<Wire> {
  const socket = await openSocket({ hostname: formatAddress(address), port: GOSSIP_PORT, onDatagram });
  return {
    send: (bytes, to = 0) => attempt(() => socket.send(bytes, GOSSIP_PORT, formatAddress(to))),
    close: () => socket.close(),
  };
}

function openSocket(options: { hostname: string; port: number; onDatagram: OnDatagram }) {
  const { hostname, port, onDatagram } = options;
  return Bun.udpSocket({
    hostname,
    port,
    socket: {
      data: (_, bytes, __, from) => onDatagram(bytes, parseAddress(from) ?? 0),
      // A node that is gone answers by ICMP; its silence is counted elsewhere.
      error: () => {},
    },
  });
}

function attempt(send: () => void): void {
  try {
    send();
  } catch {
    // ENETUNREACH, EHOSTUNREACH: to the others this is a lost datagram.
  }
}
