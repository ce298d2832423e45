import { describe, expect, test } from "bun:test";
import { RTM_NEWLINK } from "../../../../system/kernel/link-message.ts";
import {
  decodeAttributes,
  decodeMessages,
  encodeAttributes,
  encodeMessage,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_DONE,
} from "../../../../system/kernel/netlink.ts";
import { readHex } from "../../../fixtures/bytes.ts";

/** The kernel's answer to RTM_GETLINK: five links in several datagrams, and its end. */
const LINKS = readHex("netlink/links.hex");

describe("decodeMessages()", () => {
  test("finds every message of a captured dump, across datagrams", () => {
    const messages = [...decodeMessages(LINKS)];
    expect(messages.map(({ type }) => type)).toEqual([...Array(5).fill(RTM_NEWLINK), NLMSG_DONE]);
    expect(messages.every(({ sequence }) => sequence === 1)).toBe(true);
    expect(messages.reduce((sum, { body }) => sum + 16 + body.length, 0)).toBe(LINKS.length);
  });

  test("stops at a message that is cut short, wherever it is cut", () => {
    const [first] = decodeMessages(LINKS);
    const whole = 16 + first!.body.length;
    for (let length = 0; length < whole; length += 7) {
      expect([...decodeMessages(LINKS.subarray(0, length))]).toEqual([]);
    }
    expect([...decodeMessages(LINKS.subarray(0, whole + 100))]).toHaveLength(1);
  });

  test.each([
    ["0, which would never end", 0],
    ["15, less than its header", 15],
    ["4 GiB", 0xffffffff],
  ])("stops at a length of %s", (_, length) => {
    const bytes = encodeMessage({ type: 16, flags: 0, sequence: 1, body: new Uint8Array(4) });
    new DataView(bytes.buffer).setUint32(0, length, true);
    expect([...decodeMessages(bytes)]).toEqual([]);
  });

  test("reads from the middle of a buffer", () => {
    const shifted = new Uint8Array(LINKS.length + 3);
    shifted.set(LINKS, 3);
    expect([...decodeMessages(shifted.subarray(3))]).toHaveLength(6);
  });
});

test("encodeMessage() gives the bytes that the kernel takes, at a multiple of four", () => {
  const body = Uint8Array.of(1, 2, 3, 4, 5);
  const bytes = encodeMessage({ type: 18, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: 7, body });
  expect(bytes.toHex()).toBe(`15000000${"1200"}0103${"07000000"}00000000${"0102030405"}000000`);
  expect([...decodeMessages(bytes)]).toEqual([{ type: 18, flags: 0x301, sequence: 7, body }]);
});

describe("attributes", () => {
  test("come back as they went, each at a multiple of four", () => {
    const bytes = encodeAttributes([
      [1, Uint8Array.of(9)],
      [2, new Uint8Array()],
      [3, Uint8Array.of(1, 2, 3, 4)],
    ]);
    expect(bytes.toHex()).toBe("05000100090000000400020008000300" + "01020304");
    expect([...decodeAttributes(bytes)]).toEqual([
      [1, Uint8Array.of(9)],
      [2, new Uint8Array()],
      [3, Uint8Array.of(1, 2, 3, 4)],
    ]);
  });

  test("lose the flags of their type, and the last of two counts", () => {
    const bytes = encodeAttributes([
      [0x8001, Uint8Array.of(1)],
      [0x4001, Uint8Array.of(2)],
    ]);
    expect([...decodeAttributes(bytes)]).toEqual([[1, Uint8Array.of(2)]]);
  });

  test.each([
    ["0", "00000100"],
    ["3", "03000100"],
    ["more than there is", "09000100ffffffff"],
  ])("end at a length of %s", (_, broken) => {
    const bytes = Uint8Array.fromHex(`0500070001000000${broken}`);
    expect([...decodeAttributes(bytes).keys()]).toEqual([7]);
  });
});
