import { expect, test } from "bun:test";
import { openWire } from "../../../../../assets/qemu/lan/wire.ts";

const FRAMES = 600;
const FRAME_BYTES = 1_500;

/** A machine that is plugged in, and takes nothing until `resume()`. */
async function plugIn(path: string, onBytes: (bytes: Buffer) => void) {
  const socket = await Bun.connect({ unix: path, socket: { data: (_, bytes) => onBytes(bytes) } });
  socket.pause();
  return socket;
}

test("a machine that takes nothing for a while gets every frame whole", async () => {
  const heard = Promise.withResolvers<void>();
  using wire = openWire(() => heard.resolve());
  const all = Promise.withResolvers<Buffer>();
  let received = Buffer.alloc(0);
  const machine = await plugIn(wire.path, (bytes) => {
    received = Buffer.concat([received, bytes]);
    if (received.length === FRAMES * (FRAME_BYTES + 4)) all.resolve(received);
  });
  machine.write(Buffer.from([0, 0, 0, 1, 0]));
  await heard.promise;
  for (let number = 0; number < FRAMES; number++) wire.send(Buffer.alloc(FRAME_BYTES, number));
  machine.resume();
  const bytes = await all.promise;
  for (let number = 0; number < FRAMES; number++) {
    const at = number * (FRAME_BYTES + 4);
    expect(bytes.readUInt32BE(at)).toBe(FRAME_BYTES);
    expect(bytes[at + 4]).toBe(number & 0xff);
  }
});
