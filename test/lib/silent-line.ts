/** The other end of a serial line: somebody who listens, until told not to. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "bun";

export interface SilentLine extends Disposable {
  readonly path: string;
  /** From now on takes nothing: what is sent fills the buffers between, and then stands. */
  fallSilent(): void;
}

export function openSilentLine(): SilentLine {
  const folder = mkdtempSync(join(tmpdir(), "clump-line-"));
  const path = join(folder, "serial");
  const sockets: Socket[] = [];
  const listener = Bun.listen({
    unix: path,
    socket: { open: (socket) => void sockets.push(socket), data() {} },
  });
  return {
    path,
    fallSilent: () => sockets.forEach((socket) => void socket.pause()),
    [Symbol.dispose]() {
      listener.stop(true);
      rmSync(folder, { recursive: true });
    },
  };
}
