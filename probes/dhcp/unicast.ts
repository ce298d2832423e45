/**
 * Renewals to one server: the kernel's own UDP finds the way there, and hears the answer without refusing it.
 */

import { CLIENT_PORT, SERVER_PORT } from "./packet/ports.ts";

export interface UnicastSocket {
  send(payload: Uint8Array, server: string): void;
  close(): void;
}

/**
 * Opens the client's port on our own address, which must be on an interface. Answers are read from the packet
 * socket: this one is there so that the kernel does not answer them with "port unreachable".
 */
export async function openUnicastSocket(address: string): Promise<UnicastSocket> {
  const socket = await Bun.udpSocket({
    hostname: address,
    port: CLIENT_PORT,
    socket: {
      data() {},
      // An ICMP error of an earlier message, as from a server that is down: its renewal is sent again anyway.
      error() {},
    },
  });
  return {
    send: (payload, server) => void socket.send(payload, SERVER_PORT, server),
    close: () => socket.close(),
  };
}
