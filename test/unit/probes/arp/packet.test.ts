import { expect, test } from "bun:test";
import { encodeAnnouncement, encodeProbe, findConflict } from "../../../../probes/arp/packet.ts";

const MAC = Uint8Array.fromHex("525400123456");
const ADDRESS = "10.9.0.50";

test("encodeProbe() asks for an address and gives none of its own", () => {
  // As `arping -D` of iputils sends it, but for the target's hardware address, which counts for nothing.
  expect(encodeProbe(MAC, ADDRESS).toHex()).toBe("0001080006040001525400123456000000000000000000000a090032");
});

test("encodeAnnouncement() says whose an address is", () => {
  const bytes = encodeAnnouncement(MAC, ADDRESS);
  expect(bytes.toHex()).toBe("00010800060400015254001234560a0900320000000000000a090032");
});

const packet = (operation: number, sender: string, target: string) =>
  Uint8Array.fromHex(`000108000604000${operation}${sender}5254000000bb${target}`);

const OURS = "0a090032";
const OTHER = "0a090001";

test.each<[string, Uint8Array, string | undefined]>([
  ["an answer from who has it", packet(2, `5254000000aa${OURS}`, OTHER), "5254000000aa"],
  ["a question from who has it", packet(1, `5254000000aa${OURS}`, OTHER), "5254000000aa"],
  ["its announcement", packet(1, `5254000000aa${OURS}`, OURS), "5254000000aa"],
  ["the probe of another machine", packet(1, "5254000000aa00000000", OURS), "5254000000aa"],
  ["our own probe, come back", packet(1, "52540012345600000000", OURS), undefined],
  ["our own announcement, come back", packet(1, `525400123456${OURS}`, OURS), undefined],
  ["a probe for another address", packet(1, "5254000000aa00000000", OTHER), undefined],
  ["a question of somebody else about it", packet(1, `5254000000aa${OTHER}`, OURS), undefined],
  ["an answer of nobody", packet(2, "5254000000aa00000000", OURS), undefined],
  ["a piece", packet(2, `5254000000aa${OURS}`, OTHER).subarray(0, 27), undefined],
])("findConflict(): %s", (_, bytes, mac) => {
  expect(findConflict(bytes, { mac: MAC, address: ADDRESS })?.toHex()).toBe(mac);
});
