/** Opening a server, with a word on what failed. */

import type { Server } from "node:net";

/** Resolves when the server listens, which `listen` begins. @throws the error of the socket; another try may follow */
export async function startListening(server: Server, listen: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.once("listening", resolve);
  try {
    listen();
    await promise;
  } finally {
    server.off("error", reject);
    server.off("listening", resolve);
  }
}
