import { describe, expect, test } from "bun:test";
import {
  encodeFilter,
  encodeLinkAddress,
  FILTER_ROWS,
  splitPackets,
} from "../../../../init/kernel/packet.ts";
import { CAPTURED } from "../../probes/dhcp/captured.ts";

const { discover, keaOffer, keaAck, dnsmasqOffer, qemuOffer } = CAPTURED;

/** Runs the filter as the kernel does; filter.rst. A load beyond the packet drops it. */
function passes(packet: Uint8Array): boolean {
  const program = new DataView(encodeFilter().buffer);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let [a, x] = [0, 0];
  try {
    for (let row = 0; row < FILTER_ROWS; row++) {
      const k = program.getUint32(8 * row + 4, true);
      const jump = (isTrue: boolean) => program.getUint8(8 * row + (isTrue ? 2 : 3));
      switch (program.getUint16(8 * row, true)) {
        case 0x30:
          a = view.getUint8(k);
          break;
        case 0x28:
          a = view.getUint16(k);
          break;
        case 0x48:
          a = view.getUint16(x + k);
          break;
        case 0xb1:
          x = 4 * (view.getUint8(k) & 0x0f);
          break;
        case 0x15:
          row += jump(a === k);
          break;
        case 0x45:
          row += jump((a & k) !== 0);
          break;
        case 0x06:
          return k > 0;
        default:
          throw new Error("the interpreter does not know this code");
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  throw new Error("the program has no end");
}

const changed = (packet: Uint8Array, bytes: Record<number, number>) => {
  const copy = packet.slice();
  for (const [at, byte] of Object.entries(bytes)) copy[Number(at)] = byte;
  return copy;
};

/** The packet with four bytes of IPv4 options. */
const withOptions = (packet: Uint8Array) =>
  Uint8Array.from([0x46, ...packet.subarray(1, 20), 1, 1, 1, 0, ...packet.subarray(20)]);

describe("the filter", () => {
  test.each<[string, Uint8Array]>([
    ["Kea", keaOffer],
    ["dnsmasq", dnsmasqOffer],
    ["QEMU", qemuOffer],
    ["a server that sets don't-fragment", changed(keaOffer, { 6: 0x40 })],
    ["a server with IPv4 options", withOptions(keaOffer)],
  ])("lets pass an answer of %s", (_, packet) => {
    expect(passes(packet)).toBe(true);
  });

  test.each<[string, Uint8Array]>([
    ["our own question", discover],
    ["our own question behind options", withOptions(discover)],
    ["TCP", changed(keaOffer, { 9: 6 })],
    ["ICMP", changed(keaOffer, { 9: 1 })],
    ["a port that ends like 68", changed(keaOffer, { 22: 1 })],
    ["port 69", changed(keaOffer, { 23: 69 })],
    ["a first fragment", changed(keaOffer, { 6: 0x20 })],
    ["a later fragment", changed(keaOffer, { 7: 1 })],
    ["the farthest fragment", changed(keaOffer, { 6: 0x1f, 7: 0xff })],
    ["a header alone", keaOffer.subarray(0, 20)],
    ["half a header", keaOffer.subarray(0, 8)],
    ["nothing", new Uint8Array()],
  ])("drops %s", (_, packet) => {
    expect(passes(packet)).toBe(false);
  });
});

describe("splitPackets()", () => {
  const join = (...packets: Uint8Array[]) => Uint8Array.from(Buffer.concat(packets));

  test("parts packets that one read gave", () => {
    expect([...splitPackets(join(keaOffer, dnsmasqOffer, keaAck))]).toEqual([keaOffer, dnsmasqOffer, keaAck]);
  });

  test.each<[string, Uint8Array, number]>([
    ["nothing", new Uint8Array(), 0],
    ["a packet that is cut", join(keaOffer, keaAck.subarray(0, 300)), 1],
    ["bytes of no packet after one", join(keaOffer, new Uint8Array(40)), 1],
    ["IPv6", changed(keaOffer, { 0: 0x60 }), 0],
    ["a length less than a header", changed(keaOffer, { 2: 0, 3: 19 }), 0],
    ["a length of 0, which would never end", changed(keaOffer, { 2: 0, 3: 0 }), 0],
  ])("gives up at %s", (_, bytes, count) => {
    expect([...splitPackets(bytes)]).toHaveLength(count);
  });
});

test("encodeLinkAddress() lays out struct sockaddr_ll", () => {
  // Family 17, protocol 0x0800 in network order, index, hardware type, packet type, length, eight bytes of address.
  expect(encodeLinkAddress(2).toHex()).toBe("1100080002000000000000000000000000000000");
  expect(encodeLinkAddress(0x102, Uint8Array.fromHex("525400123456")).toHex()).toBe(
    "1100080002010000000000065254001234560000",
  );
});
