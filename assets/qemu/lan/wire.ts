/**
 * An Ethernet hub for any number of QEMU's `-netdev stream`: whole frames, each after its length in four bytes.
 * One machine alone has a wire, with this program at its other end.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "bun";

const LENGTH_BYTES = 4;

/** Bytes that wait for a machine that reads none; further frames to that machine are lost, as on any network. */
const MOST_UNSENT_BYTES = 2 ** 20;

export interface Wire extends Disposable {
  /** Where a machine plugs in. */
  readonly path: string;
  /** Sends a frame to every machine. */
  send(frame: Uint8Array): void;
}

interface Plug {
  received: Buffer;
  /** What it has not taken yet: without the rest of a frame, all later ones would be read from the wrong place. */
  unsent: Buffer;
}

/** Opens a wire; every frame that arrives is handed over and goes to the other machines, or is lost. */
export function openWire(
  onFrame: (frame: Buffer) => void,
  isLost: (frame: Buffer) => boolean = () => false,
): Wire {
  const folder = mkdtempSync(join(tmpdir(), "clump-wire-"));
  const path = join(folder, "wire");
  const plugged = new Set<Socket<Plug>>();

  function send(frame: Uint8Array, except?: Socket<Plug>): void {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(frame.length);
    for (const socket of plugged) {
      const isFull = socket.data.unsent.length > MOST_UNSENT_BYTES;
      if (socket !== except && !isFull) give(socket, Buffer.concat([length, frame]));
    }
  }

  const listener = Bun.listen<Plug>({
    unix: path,
    socket: {
      open(socket) {
        socket.data = { received: Buffer.alloc(0), unsent: Buffer.alloc(0) };
        plugged.add(socket);
      },
      close: (socket) => void plugged.delete(socket),
      drain: (socket) => give(socket, Buffer.alloc(0)),
      data(socket, bytes) {
        let received = Buffer.concat([socket.data.received, bytes]);
        while (received.length >= LENGTH_BYTES && received.length >= LENGTH_BYTES + received.readUInt32BE()) {
          const end = LENGTH_BYTES + received.readUInt32BE();
          const frame = received.subarray(LENGTH_BYTES, end);
          if (!isLost(frame)) {
            onFrame(frame);
            send(frame, socket);
          }
          received = received.subarray(end);
        }
        socket.data.received = received;
      },
    },
  });

  return {
    path,
    send: (frame) => send(frame),
    [Symbol.dispose]() {
      listener.stop(true);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function give(socket: Socket<Plug>, bytes: Buffer): void {
  const waiting = Buffer.concat([socket.data.unsent, bytes]);
  socket.data.unsent = waiting.subarray(Math.max(socket.write(waiting), 0));
}
