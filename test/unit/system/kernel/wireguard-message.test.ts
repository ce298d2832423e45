import { describe, expect, test } from "bun:test";
import { cstring } from "../../../../system/kernel/attribute-value.ts";
import { type Attribute, encodeAttributes, nested } from "../../../../system/kernel/netlink.ts";
import {
  decodeDevice,
  decodeFamily,
  encodeDevice,
  encodeDeviceRequest,
  encodeFamilyRequest,
  encodeNewPeer,
  encodeOldPeer,
} from "../../../../system/kernel/wireguard-message.ts";

const KEY = new Uint8Array(32).fill(0xab);
const OTHER = new Uint8Array(32).fill(0xcd);
/** The attribute IFNAME "wg0". */
const NAME = "0800020077673000";

function answer(...attributes: readonly Attribute[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, 1, 0, 0), encodeAttributes(attributes)]);
}

describe("requests are laid out as linux/genetlink.h and linux/wireguard.h have it:", () => {
  test.each([
    ["the family", encodeFamilyRequest("wireguard"), "030100000e000200776972656775617264000000"],
    ["a device", encodeDeviceRequest("wg0"), `00010000${NAME}`],
    [
      "key and port, without peers",
      encodeDevice("wg0", { privateKey: KEY, port: 5433 }),
      `01010000${NAME}080005000100000024000300${"ab".repeat(32)}0600060039150000`,
    ],
    [
      "a peer, its endpoint and its one address",
      encodeNewPeer("wg0", {
        publicKey: KEY,
        endpoint: { address: "10.0.0.2", port: 5433 },
        inner: "fd12:3456:789a:bcde::a00:2",
      }),
      [
        ...["01010000", NAME, "74000880", "70000080", "24000100", "ab".repeat(32), "0800030002000000"],
        ...["14000400", "020015390a000002", "0000000000000000"],
        ...["2c000980", "28000080", "060001000a000000", "14000200", "fd123456789abcde000000000a000002"],
        "0500030080000000",
      ].join(""),
    ],
    [
      "a peer that goes",
      encodeOldPeer("wg0", KEY),
      ["01010000", NAME, "34000880", "30000080", "24000100", "ab".repeat(32), "0800030001000000"].join(""),
    ],
  ])("%s", (_, ours, wanted) => {
    expect(ours.toHex()).toBe(wanted);
  });
});

test("the family's message type is read, or nothing", () => {
  expect(decodeFamily(answer([2, cstring("wireguard")], [1, Uint8Array.of(0x1c, 0)]))).toBe(28);
  expect(decodeFamily(answer([2, cstring("wireguard")]))).toBeUndefined();
  expect(decodeFamily(answer([1, Uint8Array.of(1)]))).toBeUndefined();
});

test("a device is read from several messages, of which one may continue a peer", () => {
  const peer = (key: Uint8Array) => nested(0, [[1, key], nested(9, [])]);
  const first = answer([2, cstring("wg0")], [4, KEY], nested(8, [peer(KEY), peer(OTHER)]));
  const second = answer([2, cstring("wg0")], nested(8, [peer(OTHER), nested(0, [])]));
  expect(decodeDevice([first, second])).toEqual({ publicKey: KEY, peers: [KEY, OTHER, OTHER] });
  expect(decodeDevice([])).toEqual({ publicKey: new Uint8Array(0), peers: [] });
});
