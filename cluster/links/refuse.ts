/** Says no to a node that is still sending. */

import type { Socket } from "node:net";

/**
 * Writes "refused WHY", and ends the connection. What comes on it is taken and dropped: the other node hears the reason
 * once it has sent what it sends.
 */
export function refuse(socket: Socket, why: string): void {
  socket.end(`refused ${why.replaceAll("\n", " ")}\n`);
  socket.removeAllListeners("data");
  socket.resume();
}
