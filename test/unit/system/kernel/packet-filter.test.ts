import { describe, expect, test } from "bun:test";
import type { AddressOwner, PacketKind } from "../../../../system/kernel/kernel.ts";
import { encodeFilter } from "../../../../system/kernel/packet-filter.ts";
import { CAPTURED } from "../../probes/dhcp/captured.ts";

const { discover, keaOffer, dnsmasqOffer, qemuOffer } = CAPTURED;

interface Arrival {
  /** PACKET_* of linux/if_packet.h: 0 is to us, 1 to all, 3 to another host. */
  readonly type?: number;
  /** Index of the interface that it came from, at last. */
  readonly from?: number;
  readonly owner?: AddressOwner;
}

/** How many bytes the filter lets pass, run as the kernel does; filter.rst. A load beyond the packet drops it. */
function passed(packet: Uint8Array, kind: PacketKind, { type = 0, from = 2, owner }: Arrival = {}): number {
  const program = new DataView(encodeFilter({ kind, index: 2, ...(owner && { owner }) }).buffer);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let [a, x] = [0, 0];
  try {
    for (let row = 0; 8 * row < program.byteLength; row++) {
      const k = program.getUint32(8 * row + 4, true);
      const jump = (isTrue: boolean) => program.getUint8(8 * row + (isTrue ? 2 : 3));
      switch (program.getUint16(8 * row, true)) {
        case 0x30:
          a = k === 0xfffff004 ? type : view.getUint8(k);
          break;
        case 0x20:
          a = k === 0xfffff008 ? from : view.getUint32(k);
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

  const owner = (address: string, mac: string): AddressOwner => ({ address, mac: Uint8Array.fromHex(mac) });
  const arp = Uint8Array.fromHex("00010800060400015254001234560a0900010000000000000a090032");

  test("lets pass ARP, without the padding of its frame", () => {
    expect(passed(arp, "arp")).toBe(28);
    expect(passed(Uint8Array.from([...arp, ...new Uint8Array(18)]), "arp")).toBe(28);
  });

  test("lets pass the question of who wants an address, and drops that of who looks after its machines", () => {
    const probe = changed(arp, { 14: 0, 15: 0, 16: 0, 17: 0 });
    expect([passed(probe, "arp", { type: 1 }), passed(probe, "arp", { type: 0 })]).toEqual([28, 0]);
  });

  test("lets pass what came to all", () => {
    expect(passed(arp, "arp", { type: 1 })).toBe(28);
    expect(passed(keaOffer, "dhcp", { type: 1 })).toBeGreaterThan(0);
  });

  test.each<[string, Arrival]>([
    ["of a VLAN on this interface", { from: 9 }],
    ["of a VLAN that no interface is on, or of another host otherwise", { type: 3 }],
  ])("drops what is %s", (_, arrival) => {
    expect([passed(arp, "arp", arrival), passed(keaOffer, "dhcp", arrival)]).toEqual([0, 0]);
  });

  // In `arp` 10.9.0.1 of 52:54:00:12:34:56 asks for 10.9.0.50.
  test.each<[string, AddressOwner, number]>([
    ["passes a claim to our address", owner("10.9.0.1", "525400aabbcc"), 28],
    ["passes one whose hardware address ends as ours", owner("10.9.0.1", "525400993456"), 28],
    ["passes one whose hardware address begins as ours", owner("10.9.0.1", "525400123457"), 28],
    ["drops what we say ourselves", owner("10.9.0.1", "525400123456"), 0],
    ["drops the question for our address", owner("10.9.0.50", "525400aabbcc"), 0],
    ["drops what is of others", owner("10.9.0.2", "525400aabbcc"), 0],
  ])("%s", (_, ours, bytes) => {
    expect(passed(arp, "arp", { owner: ours })).toBe(bytes);
  });

  test.each<[string, Uint8Array]>([
    ["ARP of another hardware", changed(arp, { 1: 6 })],
    ["ARP for another protocol", changed(arp, { 2: 0x86 })],
    ["ARP with longer addresses", changed(arp, { 4: 8 })],
    ["half an ARP packet", arp.subarray(0, 5)],
    ["most of an ARP packet, which would shift those behind it", arp.subarray(0, 27)],
  ])("drops %s", (_, packet) => {
    expect(passed(packet, "arp")).toBe(0);
  });
});
