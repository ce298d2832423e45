import { describe, expect, test } from "bun:test";
import { DhcpPacketError } from "../../../../../probes/dhcp/packet/packet-error.ts";
import { decodeDatagram, encodeDatagram } from "../../../../../probes/dhcp/packet/udp.ts";
import { withIpChecksum } from "../build.ts";
import { CAPTURED } from "../captured.ts";

const { keaOffer, dnsmasqOffer, renewal } = CAPTURED;

/** The packet with some bytes replaced, its IPv4 header summed again. */
function changed(packet: Uint8Array, changes: Record<number, number>): Uint8Array {
  const copy = packet.slice();
  for (const [at, byte] of Object.entries(changes)) copy[Number(at)] = byte;
  return withIpChecksum(copy);
}

describe("encodeDatagram()", () => {
  test("builds what the kernel's own UDP built, but for the packet's number", () => {
    const { source, destination, sourcePort, destinationPort, payload } = decodeDatagram(renewal);
    const built = encodeDatagram({ source, destination, sourcePort, destinationPort, payload });
    // The kernel numbers its packets, and veth leaves the UDP sum to the hardware.
    expect(built.subarray(12, 26)).toEqual(renewal.subarray(12, 26));
    expect(built.subarray(28)).toEqual(renewal.subarray(28));
    expect(withIpChecksum(built)).toEqual(built);
  });

  test("gives sums that decodeDatagram() finds right, of an odd length too", () => {
    const datagram = { source: "1.2.3.4", destination: "5.6.7.8", sourcePort: 68, destinationPort: 67 };
    for (const payload of [new Uint8Array(), Uint8Array.of(1, 2, 3), Uint8Array.of(255, 255, 255, 255)]) {
      expect(decodeDatagram(encodeDatagram({ ...datagram, payload })).payload).toEqual(payload);
    }
  });

  test("sends a sum of zero as 0xffff, for zero says that there is none", () => {
    const datagram = { source: "0.0.0.0", destination: "0.0.0.0", sourcePort: 0, destinationPort: 0 };
    // Protocol 17 and twice the length 10 make 37; this payload adds up to all ones with it.
    const packet = encodeDatagram({ ...datagram, payload: Uint8Array.of(0xff, 0xff - 37) });
    expect(packet.subarray(26, 28)).toEqual(Uint8Array.of(0xff, 0xff));
  });
});

describe("decodeDatagram()", () => {
  test("reads a captured packet", () => {
    expect(decodeDatagram(keaOffer)).toMatchObject({
      source: "10.9.0.1",
      sourcePort: 67,
      destination: "10.9.0.50",
      destinationPort: 68,
    });
  });

  test("leaves out bytes after the packet, as Ethernet's padding", () => {
    const padded = new Uint8Array(keaOffer.length + 18).fill(7);
    padded.set(keaOffer);
    expect(decodeDatagram(padded)).toEqual(decodeDatagram(keaOffer));
  });

  test("takes a UDP sum that a virtual link left to the hardware", () => {
    expect(decodeDatagram(dnsmasqOffer).source).toBe("10.9.0.1");
  });

  test("takes a UDP sum of zero, which is none", () => {
    expect(decodeDatagram(changed(keaOffer, { 26: 0, 27: 0 })).sourcePort).toBe(67);
  });

  test("reads past IPv4 options", () => {
    const long = new Uint8Array(keaOffer.length + 4);
    long.set(keaOffer.subarray(0, 20));
    long.fill(1, 20, 24);
    long.set(keaOffer.subarray(20), 24);
    long.set([0x46, 0x10, (keaOffer.length + 4) >> 8, (keaOffer.length + 4) & 255]);
    // Four bytes of value 1 add 0x0202 to the header's sum.
    const summed = withIpChecksum(long);
    const sum = ((summed[10]! << 8) | summed[11]!) - 0x0202;
    summed.set([(sum >> 8) & 255, sum & 255], 10);
    expect(decodeDatagram(summed).destinationPort).toBe(68);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /0 bytes/],
    ["half a header", keaOffer.subarray(0, 19), /19 bytes/],
    ["IPv6", changed(keaOffer, { 0: 0x65 }), /version 6/],
    ["a header of 16 bytes", changed(keaOffer, { 0: 0x44 }), /header length 16/],
    ["a header longer than the packet", changed(keaOffer, { 0: 0x4f, 2: 0, 3: 40 }), /header length 60/],
    ["more length than bytes", keaOffer.subarray(0, 300), /total length 358 in 300/],
    ["a wrong header sum", keaOffer.with(11, keaOffer[11]! ^ 1), /header checksum/],
    ["a first fragment", changed(keaOffer, { 6: 0x20 }), /fragment/],
    ["a later fragment", changed(keaOffer, { 7: 1 }), /fragment/],
    ["TCP", changed(keaOffer, { 9: 6 }), /protocol 6/],
    ["no room for a UDP header", changed(keaOffer, { 2: 0, 3: 27 }), /7 bytes of UDP/],
    ["a UDP length of 7", changed(keaOffer, { 24: 0, 25: 7 }), /UDP length 7/],
    ["a UDP length beyond the packet", changed(keaOffer, { 24: 2 }), /UDP length 594/],
    ["a wrong UDP sum", keaOffer.with(100, 1), /UDP checksum/],
  ])("refuses %s", (_, packet, message) => {
    expect(() => decodeDatagram(packet)).toThrow(DhcpPacketError);
    expect(() => decodeDatagram(packet)).toThrow(message);
  });
});
