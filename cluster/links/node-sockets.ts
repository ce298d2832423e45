/** Connections by the node at their other end: TCP alone waits for minutes where a node has lost its power. */

import type { Socket } from "node:net";

export class NodeSockets {
  readonly #sockets = new Map<string, Set<Socket>>();

  /** Remembers a connection with the node of that LAN address until it ends. */
  keep(node: string, socket: Socket): void {
    const sockets = this.#sockets.get(node) ?? new Set();
    this.#sockets.set(node, sockets.add(socket));
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(node) === sockets) this.#sockets.delete(node);
    });
  }

  /** Ends the connections with nodes that are gone. */
  sweep(isGone: (node: string) => boolean): void {
    for (const [node, sockets] of this.#sockets)
      if (isGone(node)) for (const socket of sockets) socket.destroy();
  }
}
