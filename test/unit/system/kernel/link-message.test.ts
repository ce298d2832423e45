import { describe, expect, test } from "bun:test";
import type { Link } from "../../../../system/kernel/kernel.ts";
import {
  decodeLink,
  encodeLink,
  encodeNewLink,
  RTM_DELLINK,
  RTM_NEWLINK,
} from "../../../../system/kernel/link-message.ts";
import { decodeMessages } from "../../../../system/kernel/netlink.ts";
import { netlinkParts, readHex } from "../../../fixtures/bytes.ts";

const links = (file: string) =>
  [...decodeMessages(readHex(file))].flatMap(({ type, body }) => {
    const link = decodeLink(body);
    return link === undefined ? [] : [{ type, link }];
  });

/** "eth0 up carrier". */
const describeLink = ({ name, up, carrier }: Link) =>
  [name, up && "up", carrier && "carrier"].filter(Boolean).join(" ");

describe("decodeLink()", () => {
  test("reads the links of a captured dump", () => {
    const found = links("netlink/links.hex").map(({ link }) => link);
    expect(found.map(describeLink).sort()).toEqual([
      "d0",
      "d1",
      "eth0 up carrier",
      "eth1 up carrier",
      "lo up carrier",
    ]);
    expect(found.find(({ name }) => name === "eth0")).toMatchObject({
      type: 1,
      mtu: 1_500,
      address: Uint8Array.fromHex("525400123456"),
    });
    expect(found.find(({ name }) => name === "lo")).toMatchObject({ index: 1, type: 772, mtu: 65_536 });
  });

  test("follows a cable that is pulled and interfaces that go, as captured", () => {
    const events = links("netlink/link-events.hex");
    expect(new Set(events.map(({ type, link }) => `${type} ${describeLink(link)}`))).toEqual(
      new Set([`${RTM_NEWLINK} eth0 up`, `${RTM_NEWLINK} eth1`, `${RTM_DELLINK} d0`, `${RTM_DELLINK} d1`]),
    );
  });

  test("knows no link in what is too short or has no name", () => {
    expect(decodeLink(new Uint8Array(15))).toBeUndefined();
    expect(decodeLink(new Uint8Array(16))).toBeUndefined();
  });

  test("takes what a link does not say as nothing", () => {
    const body = Uint8Array.fromHex(`${"00".repeat(16)}0700030078797a00`);
    expect(decodeLink(body)).toEqual({
      index: 0,
      name: "xyz",
      type: 0,
      address: new Uint8Array(),
      up: false,
      carrier: false,
      mtu: 0,
    });
  });
});

test("decodeLink() knows what a link is part of", () => {
  const body = Uint8Array.fromHex(`${"00".repeat(16)}0700030078797a0008000a0002000000`);
  expect(decodeLink(body)?.master).toBe(2);
});

test("decodeLink() takes no word of a bridge's port for one of the link (AF_BRIDGE)", () => {
  const attributes = "0700030078797a00";
  expect(decodeLink(Uint8Array.fromHex(`00${"00".repeat(15)}${attributes}`))?.name).toBe("xyz");
  expect(decodeLink(Uint8Array.fromHex(`07${"00".repeat(15)}${attributes}`))).toBeUndefined();
});

describe("a request says what iproute2 says, as captured:", () => {
  test.each<[string, Uint8Array, string]>([
    ["ip link set up", encodeLink(3, { up: true }), "00000000030000000100000001000000"],
    ["ip link set down", encodeLink(3, { up: false }), "00000000030000000000000001000000"],
    [
      "ip link set mtu 1400",
      encodeLink(3, { mtu: 1_400 }),
      "000000000300000000000000000000000800040078050000",
    ],
    [
      "ip link set name up0",
      encodeLink(3, { name: "up0" }),
      "000000000300000000000000000000000800030075703000",
    ],
    [
      "ip link set address 52:54:00:aa:bb:cc",
      encodeLink(3, { address: Uint8Array.fromHex("525400aabbcc") }),
      "000000000300000000000000000000000a000100525400aabbcc0000",
    ],
    ["ip link set master", encodeLink(3, { master: 2 }), "0000000003000000000000000000000008000a0002000000"],
    [
      "ip link add bond7 type bond",
      encodeNewLink({ kind: "bond", name: "bond7" }),
      "000000000000000000000000000000000a000300626f6e64370000000c00120008000100626f6e64",
    ],
    [
      "ip link add bond7 type bond ns_ip6_target fc08::1,fc08::2",
      encodeNewLink({ kind: "bond", name: "bond7", neighborTargets: ["fc08::1", "fc08::2"] }),
      "000000000000000000000000000000000a000300626f6e64370000003c00120008000100626f6e64300002002c001f00" +
        "14000000fc08000000000000000000000000000114000100fc080000000000000000000000000002",
    ],
    [
      "ip link add br7 type bridge forward_delay 0 stp_state 0",
      encodeNewLink({ kind: "bridge", name: "br7" }),
      "0000000000000000000000000000000008000300627237002400120" +
        "00a00010062726964676500001400020008000100000000000800050000000000",
    ],
    [
      "ip link add link v0 name vlan5 type vlan id 5",
      encodeNewLink({ kind: "vlan", name: "vlan5", id: 5, parent: 3 }),
      "0000000000000000000000000000000008000500030000000a000300766c616e350000001800120008000100766c616e0c0002000600010005000000",
    ],
  ])("%s", (_, ours, captured) => {
    expect(netlinkParts(ours, 16)).toEqual(netlinkParts(Uint8Array.fromHex(captured), 16));
  });
});
