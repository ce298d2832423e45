/** Whether the ports of this machine that are to lead to the node are free. */

import type { Forward } from "../qemu/nics.ts";

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there, and a free port was wanted",
  EACCES: "this user may not listen there, and a port from 1024 up was wanted",
};

/** QEMU would end at once, and name only its own rule. @throws Error that names the port */
export function checkPortsAreFree(forwards: readonly Forward[]): void {
  for (const { from } of forwards) {
    try {
      Bun.listen({ hostname: "127.0.0.1", port: from, socket: { data: () => {} } }).stop(true);
    } catch (error) {
      const { code = "", message } = error as Error & { readonly code?: string };
      throw new Error(`Cannot forward port ${from} of 127.0.0.1: ${REASONS[code] ?? message}`);
    }
  }
}
