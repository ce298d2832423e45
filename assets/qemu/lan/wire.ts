/**
 * An Ethernet switch for any number of QEMU's `-netdev stream`: whole frames, each after its length in four bytes.
 * One machine alone has a wire, with this program at its other end.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "bun";

const LENGTH_BYTES = 4;
const MAC_BYTES = 6;

/** Bytes that wait for a machine that reads none; further frames to that machine are lost, as on any network. */
const MOST_UNSENT_BYTES = 2 ** 20;

export interface Wire extends Disposable {
  /** Where a machine plugs in. */
  readonly path: string;
  /** Sends a frame to the machine that has its address, or to every machine; who has sent nothing hears all. */
  send(frame: Uint8Array): void;
}

interface Plug {
  received: Buffer;
  /** What it has not taken yet: without the rest of a frame, all later ones would be read from the wrong place. */
  unsent: Buffer[];
  unsentBytes: number;
  hasSent: boolean;
}

/** Opens a wire; every frame that arrives is handed over and goes on, or is lost. */
export function openWire(
  onFrame: (frame: Buffer) => void,
  isLost: (frame: Buffer) => boolean = () => false,
): Wire {
  const folder = mkdtempSync(join(tmpdir(), "clump-wire-"));
  const path = join(folder, "wire");
  const plugged = new Set<Socket<Plug>>();
  /** By the hardware addresses that have sent; a group address never does. */
  const owners = new Map<string, Socket<Plug>>();

  function send(frame: Uint8Array, except?: Socket<Plug>): void {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(frame.length);
    const bytes = Buffer.concat([length, frame]);
    const owner = owners.get(frame.subarray(0, MAC_BYTES).toHex());
    for (const socket of plugged) {
      const isMeant = owner === undefined || owner === socket || !socket.data.hasSent;
      const isFull = socket.data.unsentBytes > MOST_UNSENT_BYTES;
      if (socket !== except && isMeant && !isFull) give(socket, bytes);
    }
  }

  const listener = Bun.listen<Plug>({
    unix: path,
    socket: {
      open(socket) {
        socket.data = { received: Buffer.alloc(0), unsent: [], unsentBytes: 0, hasSent: false };
        plugged.add(socket);
      },
      close(socket) {
        plugged.delete(socket);
        for (const [mac, owner] of owners) if (owner === socket) owners.delete(mac);
      },
      drain(socket) {
        const waiting = Buffer.concat(socket.data.unsent);
        Object.assign(socket.data, { unsent: [], unsentBytes: 0 });
        give(socket, waiting);
      },
      data(socket, bytes) {
        socket.data.received = takeFrames(Buffer.concat([socket.data.received, bytes]), (frame) => {
          if (isLost(frame)) return;
          owners.set(frame.subarray(MAC_BYTES, 2 * MAC_BYTES).toHex(), socket);
          socket.data.hasSent = true;
          onFrame(frame);
          send(frame, socket);
        });
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

/** Hands over each whole frame; gives the rest. */
function takeFrames(received: Buffer, take: (frame: Buffer) => void): Buffer {
  let rest = received;
  while (rest.length >= LENGTH_BYTES && rest.length >= LENGTH_BYTES + rest.readUInt32BE()) {
    const end = LENGTH_BYTES + rest.readUInt32BE();
    take(rest.subarray(LENGTH_BYTES, end));
    rest = rest.subarray(end);
  }
  return rest;
}

function give(socket: Socket<Plug>, bytes: Buffer): void {
  const { data } = socket;
  const sent = data.unsent.length > 0 ? 0 : Math.max(socket.write(bytes), 0);
  if (sent === bytes.length) return;
  data.unsent.push(bytes.subarray(sent));
  data.unsentBytes += bytes.length - sent;
}
