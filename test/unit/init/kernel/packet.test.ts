import { describe, expect, test } from "bun:test";
import type { PacketKind } from "../../../../init/kernel/kernel.ts";
import { encodeFilter, encodeLinkAddress, splitPackets } from "../../../../init/kernel/packet.ts";
import { CAPTURED } from "../../probes/dhcp/captured.ts";

const { discover, keaOffer, keaAck, dnsmasqOffer, qemuOffer } = CAPTURED;

/** How many bytes the filter lets pass, run as the kernel does; filter.rst. A load beyond the packet drops it. */
function passed(packet: Uint8Array, kind: PacketKind): number {
  const program = new DataView(encodeFilter(kind).buffer);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let [a, x] = [0, 0];
  try {
    for (let row = 0; 8 * row < program.byteLength; row++) {
      const k = program.getUint32(8 * row + 4, true);
      const jump = (isTrue: boolean) => program.getUint8(8 * row + (isTrue ? 2 : 3));
      switch (program.getUint16(8 * row, true)) {
        case 0x30:
          a = view.getUint8(k);
          break;
        case 0x20:
          a = view.getUint32(k);
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
          return k;
        default:
          throw new Error("the interpreter does not know this code");
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return 0;
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
    expect(passed(packet, "dhcp")).toBeGreaterThanOrEqual(packet.length);
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
    expect(passed(packet, "dhcp")).toBe(0);
  });

  const arp = Uint8Array.fromHex("00010800060400015254001234560a0900010000000000000a090032");

  test("lets pass ARP, without the padding of its frame", () => {
    expect(passed(arp, "arp")).toBe(28);
    expect(passed(Uint8Array.from([...arp, ...new Uint8Array(18)]), "arp")).toBe(28);
  });

  test.each<[string, Uint8Array]>([
    ["ARP of another hardware", changed(arp, { 1: 6 })],
    ["ARP for another protocol", changed(arp, { 2: 0x86 })],
    ["ARP with longer addresses", changed(arp, { 4: 8 })],
    ["half an ARP packet", arp.subarray(0, 5)],
  ])("drops %s", (_, packet) => {
    expect(passed(packet, "arp")).toBe(0);
  });
});

describe("splitPackets()", () => {
  const join = (...packets: Uint8Array[]) => Uint8Array.from(Buffer.concat(packets));

  test("parts packets that one read gave", () => {
    expect([...splitPackets(join(keaOffer, dnsmasqOffer, keaAck), "dhcp")]).toEqual([
      keaOffer,
      dnsmasqOffer,
      keaAck,
    ]);
  });

  test.each<[string, Uint8Array, number]>([
    ["nothing", new Uint8Array(), 0],
    ["a packet that is cut", join(keaOffer, keaAck.subarray(0, 300)), 1],
    ["bytes of no packet after one", join(keaOffer, new Uint8Array(40)), 1],
    ["IPv6", changed(keaOffer, { 0: 0x60 }), 0],
    ["a length less than a header", changed(keaOffer, { 2: 0, 3: 19 }), 0],
    ["a length of 0, which would never end", changed(keaOffer, { 2: 0, 3: 0 }), 0],
  ])("gives up at %s", (_, bytes, count) => {
    expect([...splitPackets(bytes, "dhcp")]).toHaveLength(count);
  });

  test("parts ARP packets, which all have one length", () => {
    const two = Uint8Array.from({ length: 56 }, (_, at) => at);
    expect([...splitPackets(two, "arp")]).toEqual([two.subarray(0, 28), two.subarray(28)]);
    expect([...splitPackets(two.subarray(0, 40), "arp")]).toHaveLength(1);
  });
});

test("encodeLinkAddress() lays out struct sockaddr_ll", () => {
  // Family 17, protocol 0x0800 in network order, index, hardware type, packet type, length, eight bytes of address.
  expect(encodeLinkAddress(2, { kind: "dhcp" }).toHex()).toBe("1100080002000000000000000000000000000000");
  expect(encodeLinkAddress(2, { kind: "arp" }).toHex()).toBe("1100080602000000000000000000000000000000");
  const hardware = Uint8Array.fromHex("525400123456");
  expect(encodeLinkAddress(0x102, { kind: "dhcp", hardware }).toHex()).toBe(
    "1100080002010000000000065254001234560000",
  );
});
