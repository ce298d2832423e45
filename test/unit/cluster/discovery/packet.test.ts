import { describe, expect, test } from "bun:test";
import { decodeDiscovery, encodeDiscovery } from "../../../../cluster/discovery/packet.ts";

/** Sent by omdiscd 0.3.6-2 at its start on 10.0.2.15, as it was seen on the wire. */
const SEEN = "64c4f01e6a0a00020f0000000000000000000000000000000000000000";
const bytes = (hex: string) => Buffer.from(hex, "hex");

describe("the datagram of omdiscd", () => {
  test("is read as the daemon of 2004 sent it", () => {
    expect(decodeDiscovery(bytes(SEEN))).toEqual({ type: "join", addresses: [0x0a00020f] });
  });

  test("is written as the daemon of 2004 sent it", () => {
    const written = encodeDiscovery({ type: "join", addresses: [0x0a00020f] });
    expect(Buffer.from(written).toString("hex")).toBe(SEEN);
  });

  test.each([
    ["join", 0x6a],
    ["ack", 0x61],
    ["leave", 0x65],
  ] as const)("%s is the letter %p, with a primary address and five aliases", (type, letter) => {
    const addresses = [0x0a000001, 1, 2, 3, 4, 0xffffffff];
    const written = encodeDiscovery({ type, addresses: [...addresses, 9] });
    expect([written.length, written[4]]).toEqual([29, letter]);
    expect(decodeDiscovery(written)).toEqual({ type, addresses });
  });

  test.each([
    ["empty", ""],
    ["too short", SEEN.slice(2)],
    ["too long", `${SEEN}00`],
    ["with another magic", `65${SEEN.slice(2)}`],
    ["with a type nobody knows", SEEN.replace("1e6a", "1e6b")],
    ["without a primary address", SEEN.replace("0a00020f", "00000000")],
  ])("is ignored when it is %s", (_, hex) => {
    expect(decodeDiscovery(bytes(hex))).toBeUndefined();
  });
});
