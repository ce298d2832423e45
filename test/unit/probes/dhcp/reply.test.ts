import { describe, expect, test } from "bun:test";
import { encodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { DhcpPacketError } from "../../../../probes/dhcp/packet/packet-error.ts";
import { decodeDatagram, encodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { readReply } from "../../../../probes/dhcp/reply.ts";
import { answer, answerPacket, wrap } from "./build.ts";
import { CAPTURED, MAC } from "./captured.ts";

const read = (packet: Uint8Array) => readReply(packet, { mac: MAC });

const fromPort = (sourcePort: number) => encodeDatagram({ ...decodeDatagram(answerPacket()), sourcePort });

describe("readReply()", () => {
  test.each([
    ["keaOffer", "offer", "10.9.0.50", "10.9.0.1", 20],
    ["keaAck", "ack", "10.9.0.50", "10.9.0.1", 20],
    ["dnsmasqOffer", "offer", "10.9.0.58", "10.9.0.1", 120],
    ["dnsmasqAck", "ack", "10.9.0.58", "10.9.0.1", 120],
    ["qemuOffer", "offer", "10.0.2.15", "10.0.2.2", 86_400],
    ["qemuAck", "ack", "10.0.2.15", "10.0.2.2", 86_400],
  ] as const)("reads the captured %s", (name, kind, address, server, seconds) => {
    expect(read(CAPTURED[name])).toMatchObject({ kind, lease: { address, server, seconds, prefix: 24 } });
  });

  test("reads the answer of a relay that sends from a port of its own", () => {
    expect(read(fromPort(6_767))).toMatchObject({ kind: "offer", lease: { address: "10.9.0.50" } });
  });

  test("reads a refusal, its text made harmless and short", () => {
    const message = [...new TextEncoder().encode("no\x1b[2J"), ...new Array(200).fill(65)];
    const reply = read(answerPacket({ type: "NAK", xid: 7, address: "0.0.0.0", options: { 56: message } }));
    expect(reply).toEqual({ kind: "nak", xid: 7, server: "10.9.0.1", message: `no?[2J${"A".repeat(74)}` });
  });

  test.each(["OFFER", "ACK"] as const)("says what is wrong with an %s that is for us", (type) => {
    const packet = answerPacket({ type, xid: 7, options: { 51: [0, 0, 0, 1] } });
    const why = "Cannot use a lease: it lasts 1 s, wanted 4 or more";
    expect(read(packet)).toEqual({ kind: "unusable", xid: 7, why });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["our own DISCOVER", CAPTURED.discover, /from port 68 to 67/],
    ["a request on the way to us", wrap(encodePacket({ ...answer(), op: "request" })), /a client's/],
    ["a message for clients that is none", answerPacket({ type: "REQUEST" }), /message type 3/],
    [
      "no message type",
      answerPacket({ options: { 53: undefined } }),
      /option 53 \(message type\) is missing/,
    ],
    ["a message type of two bytes", answerPacket({ options: { 53: [2, 2] } }), /option 53/],
    ["another client's answer", answerPacket({ chaddr: Uint8Array.of(1, 2, 3, 4, 5, 6) }), /another client/],
    ["a refusal by nobody", answerPacket({ type: "NAK", options: { 54: undefined } }), /option 54/],
  ])("refuses %s", (_, packet, message) => {
    expect(() => read(packet)).toThrow(DhcpPacketError);
    expect(() => read(packet)).toThrow(message);
  });
});
