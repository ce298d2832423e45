import { describe, expect, test } from "bun:test";
import { CONDITIONS, ENTRY_BYTES, type NodeEntry } from "../../../../cluster/gossip/entry.ts";
import { decodeGossip, encodeGossip, MOST_BYTES, mostEntries } from "../../../../cluster/gossip/packet.ts";
import { SEAL_BYTES } from "../../../../cluster/security/seal.ts";

const ENTRY: NodeEntry = {
  address: 0xc0a8014d,
  id: 77,
  status: 0x43,
  condition: "up",
  incarnation: 4_000_000_000,
  beat: 123_456,
  age: 1_230,
  load: 250,
  busy: 1,
  version: 0x70,
  cpus: 128,
  speed: 10_000,
  memoryFree: 300 * 2 ** 20,
  memoryTotal: 64 * 2 ** 30,
  mac: 0x5254_0012_3456,
  guests: 3,
  away: 300,
  processor: 0x030f,
};

describe("a message of the gossip", () => {
  test("is the same after it went over the wire", () => {
    const entries = CONDITIONS.map((condition, index) => ({ ...ENTRY, condition, id: index }));
    for (const flags of [
      { wantsAnswer: true },
      { wantsAnswer: false },
      { wantsAnswer: true, isBrief: true },
    ]) {
      const message = { ...flags, entries };
      expect(decodeGossip(encodeGossip(message))).toEqual(message);
    }
  });

  test("has these bytes", () => {
    const bytes = Buffer.from(encodeGossip({ wantsAnswer: true, entries: [ENTRY] })).toString("hex");
    expect(bytes).toBe(
      "636c6d7001013001" +
        "c0a8014d004d1043ee6b28000001e240007b00faff70008000002710" +
        "00012c0001000000" +
        "525400123456" +
        "0003012c" +
        "030f",
    );
  });

  test("cuts off what does not fit its field", () => {
    const entry = { ...ENTRY, age: 1e9, load: 1e9, cpus: 1e6, speed: 1e12, memoryTotal: 1e18 };
    const [read] = decodeGossip(encodeGossip({ wantsAnswer: false, entries: [entry] }))?.entries ?? [];
    expect(read).toMatchObject({ age: 655_350, load: 65_535, cpus: 65_535, speed: 4_294_967_295 });
  });

  test.each([
    [0, 0],
    [1, 10],
    [10, 10],
    [11, 20],
  ])(
    "of %d ms gives an age of %d ms: rounded up, so that no information grows younger on its way",
    (age, read) => {
      const message = { wantsAnswer: false, entries: [{ ...ENTRY, age }] };
      expect(decodeGossip(encodeGossip(message))?.entries[0]?.age).toBe(read);
    },
  );

  test("fits under one MTU, sealed or not", () => {
    for (const seal of [0, SEAL_BYTES]) {
      const entries = Array.from({ length: mostEntries(seal) }, () => ENTRY);
      const length = encodeGossip({ wantsAnswer: false, entries }).length + seal;
      expect(length).toBeLessThanOrEqual(MOST_BYTES);
      expect(length).toBeGreaterThan(MOST_BYTES - 36);
    }
  });

  test("of a later version is read as far as it is known: longer entries, bytes after them, new flags", () => {
    const bytes = Buffer.from(encodeGossip({ wantsAnswer: true, entries: [ENTRY] }));
    const later = Buffer.concat([bytes, Buffer.from("news of 2040")]);
    later[4] = 9;
    later[5] = 0xff;
    later[6] = ENTRY_BYTES;
    expect(decodeGossip(later)).toEqual({ wantsAnswer: true, isBrief: true, entries: [ENTRY] });
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, -1)],
    ["of another magic", (bytes) => bytes.fill(0, 0, 1)],
    ["of version 0", (bytes) => bytes.fill(0, 4, 5)],
    ["with entries too short", (bytes) => bytes.fill(35, 6, 7)],
    ["without an entry", (bytes) => bytes.fill(0, 7, 8)],
    ["with more entries than it has", (bytes) => bytes.fill(2, 7, 8)],
    ["followed by a seal", (bytes) => Buffer.concat([bytes, Buffer.alloc(SEAL_BYTES)])],
    ["too long", (bytes) => Buffer.concat([bytes, Buffer.alloc(MOST_BYTES)])],
  ])("is none when it is %s", (_, spoil) => {
    const bytes = Buffer.from(encodeGossip({ wantsAnswer: true, entries: [ENTRY] }));
    expect(decodeGossip(spoil(bytes))).toBeUndefined();
  });
});
