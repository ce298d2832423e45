/** Renewals to one server by the kernel's own UDP, which routes them, and takes the answer without refusing it. */

import { CLIENT_PORT, SERVER_PORT } from "./packet/ports.ts";

export interface UnicastSocket {
  send(payload: Uint8Array, server: string): void;
  close(): void;
}

/**
 * Opens the client's port on our own address, which must be on an interface. The client reads answers from its packet
 * socket; this socket keeps the kernel from answering them with "port unreachable".
 */
export async function openUnicastSocket(address: string): Promise<UnicastSocket> {
  const socket = await Bun.udpSocket({
    hostname: address,
    port: CLIENT_PORT,
    socket: {
      data() {},
      // An ICMP error of an earlier message, as of a server that is down: the client retransmits anyway.
      error() {},
    },
  });
  return {
    send: (payload, server) => void socket.send(payload, SERVER_PORT, server),
    close: () => socket.close(),
  };
}
