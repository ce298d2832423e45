import { expect, test } from "bun:test";
import { decodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { CAPTURED } from "./captured.ts";
import { readMalformedPackets } from "./malformed-packets.ts";

/** `npm test` reads twenty times as many: test/net/malformed-packets.test.ts. */
const INPUTS = 6_000;

test(`readReply() throws nothing but DhcpPacketError at ${INPUTS} malformed packets, and is quick`, () => {
  const { read, refused, milliseconds } = readMalformedPackets(INPUTS);
  expect(milliseconds).toBeLessThan(5_000);
  // Mutations that reach every layer leave some packets sound: a fuzz that is all refused tests one check.
  expect(read).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(2_500);
});

test("decodePacket() is quick at the largest packet of the most options", () => {
  const packet = new Uint8Array(65_507);
  packet.set(decodeDatagram(CAPTURED.dnsmasqOffer).payload.subarray(0, 240));
  for (let at = 240; at + 1 < packet.length; at += 2) packet.set([1 + (at % 254), 0], at);
  const start = process.cpuUsage();
  decodePacket(packet);
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_000);
});
