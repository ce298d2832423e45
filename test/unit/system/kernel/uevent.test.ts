import { describe, expect, test } from "bun:test";
import { decodeUevents } from "../../../../system/kernel/uevent.ts";
import { readHex } from "../../../fixtures/bytes.ts";

const encode = (...texts: string[]) => new TextEncoder().encode(texts.map((text) => `${text}\0`).join(""));

describe("decodeUevents()", () => {
  test("parts the captured events of an interface that goes", () => {
    const events = [...decodeUevents(readHex("netlink/uevents.hex"))];
    expect(events.length).toBeGreaterThan(4);
    const gone = events.find(({ path }) => path === "/devices/virtual/net/d0");
    expect(gone?.action).toBe("remove");
    expect([...gone!.env.keys()]).toEqual([
      "ACTION",
      "DEVPATH",
      "SUBSYSTEM",
      "INTERFACE",
      "IFINDEX",
      "SEQNUM",
    ]);
    for (const { action, path, env } of events) {
      expect([env.get("ACTION"), env.get("DEVPATH")]).toEqual([action, path]);
    }
  });

  test("keeps what follows the first = of a value", () => {
    const [event] = decodeUevents(encode("add@/devices/x", "MODALIAS=a=b=c", "EMPTY="));
    expect([...event!.env]).toEqual([
      ["MODALIAS", "a=b=c"],
      ["EMPTY", ""],
    ]);
  });

  test.each<[string, Uint8Array, number]>([
    ["nothing", new Uint8Array(), 0],
    ["udev's own events", encode("libudev", "ACTION=add"), 0],
    ["pairs before a header", encode("ACTION=add", "remove@/devices/x"), 1],
    ["a header without a path", encode("add@", "ACTION=add"), 0],
    ["texts that are no pairs", encode("add@/x", "", "junk", "=value"), 1],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0, 0x80), 0],
  ])("survives %s", (_, bytes, count) => {
    const events = [...decodeUevents(bytes)];
    expect(events).toHaveLength(count);
    for (const { env } of events) expect(env.size).toBe(0);
  });
});
