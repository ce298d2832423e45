/** An Ethernet wire whose other end is QEMU's `-netdev stream`: whole frames, each after its length in four bytes. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "bun";

const LENGTH_BYTES = 4;

export interface Wire extends Disposable {
  /** Where a machine plugs in. */
  readonly path: string;
  send(frame: Uint8Array): void;
}

/** Opens a wire; every frame that arrives is handed over. */
export function openWire(onFrame: (frame: Buffer) => void): Wire {
  const folder = mkdtempSync(join(tmpdir(), "clump-wire-"));
  const path = join(folder, "wire");
  let plugged: Socket<undefined> | undefined;
  let received = Buffer.alloc(0);

  const listener = Bun.listen({
    unix: path,
    socket: {
      open(socket) {
        plugged = socket;
      },
      data(_socket, bytes) {
        received = Buffer.concat([received, bytes]);
        while (received.length >= LENGTH_BYTES && received.length >= LENGTH_BYTES + received.readUInt32BE()) {
          const end = LENGTH_BYTES + received.readUInt32BE();
          onFrame(received.subarray(LENGTH_BYTES, end));
          received = received.subarray(end);
        }
      },
    },
  });

  return {
    path,
    send(frame) {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(frame.length);
      plugged?.write(Buffer.concat([length, frame]));
    },
    [Symbol.dispose]() {
      listener.stop(true);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
