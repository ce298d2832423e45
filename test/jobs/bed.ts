/** What tests of moves need: a folder, scripts in place of programs, servers, and connections with a node that dies. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeSockets } from "../../cluster/links/node-sockets.ts";

export class Bed {
  readonly folder = mkdtempSync(join(tmpdir(), "power-"));
  readonly sockets = new NodeSockets();
  readonly #servers: Server[] = [];

  /** The path of a program of the test: `body` is shell. */
  script(name: string, body: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Resolves with the port on which `take` gets each connection. */
  async serve(take: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      take(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    return (server.address() as { readonly port: number }).port;
  }

  remove(): void {
    for (const server of this.#servers) server.close();
    this.sockets.sweep(() => true);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
