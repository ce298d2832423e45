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

test("a frame for a machine that has said something goes to that machine, and to those that have said nothing", async () => {
  const heard = { one: "", two: "", listener: "" };
  let wake = () => {};
  using wire = openWire(() => wake());
  const all = Promise.withResolvers<void>();
  const plug = async (name: keyof typeof heard) => {
    const machine = await plugIn(wire.path, (bytes) => {
      heard[name] += bytes.toHex();
      if (Object.values(heard).join("").length === (5 + 7) * 2 * FRAME) all.resolve();
    });
    machine.resume();
    return machine;
  };
  const address = (number: number) => [2, 0, 0, 0, 0, number];
  const FRAME = 4 + 2 * 6 + 1;
  const send = async (from: Awaited<ReturnType<typeof plug>>, frame: readonly number[]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    from.write(Buffer.from([0, 0, 0, frame.length, ...frame]));
    await promise;
  };
  await plug("listener");
  // To themselves: the wire knows both then.
  const one = await plug("one");
  await send(one, [...address(1), ...address(1), 1]);
  const two = await plug("two");
  await send(two, [...address(2), ...address(2), 2]);
  await send(one, [...address(2), ...address(1), 11]);
  await send(two, [...address(1), ...address(2), 12]);
  await send(one, [255, 255, 255, 255, 255, 255, ...address(1), 13]);
  wire.send(Buffer.from([...address(1), ...address(9), 14]));
  wire.send(Buffer.from([...address(2), ...address(9), 15]));
  await all.promise;
  const numbers = (hex: string) => [...Buffer.from(hex, "hex")].filter((_, at) => at % FRAME === FRAME - 1);
  expect([numbers(heard.one), numbers(heard.two), numbers(heard.listener)]).toEqual([
    [12, 14],
    [11, 13, 15],
    [1, 2, 11, 12, 13, 14, 15],
  ]);
});
