import { describe, expect, test } from "bun:test";
import { encodeLinkAddress, splitPackets } from "../../../../system/kernel/packet.ts";
import { CAPTURED } from "../../probes/dhcp/captured.ts";

const { keaOffer, keaAck, dnsmasqOffer } = CAPTURED;

const changed = (packet: Uint8Array, bytes: Record<number, number>) => {
  const copy = packet.slice();
  for (const [at, byte] of Object.entries(bytes)) copy[Number(at)] = byte;
  return copy;
};

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
