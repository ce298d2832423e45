import { describe, expect, test } from "bun:test";
import type { InterfaceAddress, Link, Route } from "../../../../init/kernel/kernel.ts";
import { decodeAttributes, decodeMessages } from "../../../../init/kernel/netlink.ts";
import {
  decodeLink,
  encodeAddress,
  encodeLink,
  encodeRoute,
  RTM_DELLINK,
  RTM_NEWLINK,
} from "../../../../init/kernel/rtnetlink.ts";
import { readHex } from "../../../fixtures/bytes.ts";

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

/** Head and attributes of a body, to compare bodies whose attributes come in another order. */
function parts(body: Uint8Array, headBytes: number): unknown {
  const attributes = [...decodeAttributes(body.subarray(headBytes))].toSorted(([a], [b]) => a - b);
  return [body.subarray(0, headBytes).toHex(), attributes.map(([type, value]) => `${type} ${value.toHex()}`)];
}

describe("a request says what iproute2 says, as captured:", () => {
  test.each<[string, Uint8Array, string, number]>([
    ["ip link set up", encodeLink(3, { up: true }), "00000000030000000100000001000000", 16],
    ["ip link set down", encodeLink(3, { up: false }), "00000000030000000000000001000000", 16],
    [
      "ip link set mtu 1400",
      encodeLink(3, { mtu: 1_400 }),
      "000000000300000000000000000000000800040078050000",
      16,
    ],
    [
      "ip addr add 10.9.0.50/24 brd 10.9.0.255 valid_lft 3600 preferred_lft 3600",
      encodeAddress(3, { address: "10.9.0.50", prefix: 24, broadcast: "10.9.0.255", validSeconds: 3_600 }),
      "0218000003000000080002000a090032080004000a0900ff080001000a09003214000600100e0000100e00000000000000000000",
      8,
    ],
    [
      "ip route replace default via 10.9.0.1 src 10.9.0.50 metric 100 proto dhcp",
      encodeRoute({
        index: 3,
        destination: "0.0.0.0",
        prefix: 0,
        gateway: "10.9.0.1",
        source: "10.9.0.50",
        metric: 100,
      }),
      "02000000fe10000100000000080005000a090001080007000a09003208000600640000000800040003000000",
      12,
    ],
    [
      "ip route replace 10.8.0.0/16 proto dhcp metric 7",
      encodeRoute({ index: 3, destination: "10.8.0.0", prefix: 16, metric: 7 }),
      "02100000fe10fd0100000000080001000a08000008000600070000000800040003000000",
      12,
    ],
  ])("%s", (_, ours, captured, headBytes) => {
    expect(parts(ours, headBytes)).toEqual(parts(Uint8Array.fromHex(captured), headBytes));
  });
});

describe("encodeAddress()", () => {
  test("gives the route to its network a metric (IFA_RT_PRIORITY)", () => {
    const attributes = decodeAttributes(
      encodeAddress(1, { address: "10.0.0.1", prefix: 8, metric: 100 }).subarray(8),
    );
    expect(attributes.get(9)?.toHex()).toBe("64000000");
  });

  const lifetimes = (address: InterfaceAddress) =>
    decodeAttributes(encodeAddress(1, address).subarray(8)).get(6)!.subarray(0, 8).toHex();

  test("gives an address for ever where it has no end, or one too far for 32 bits", () => {
    expect(lifetimes({ address: "10.0.0.1", prefix: 8 })).toBe("ffffffffffffffff");
    expect(lifetimes({ address: "10.0.0.1", prefix: 8, validSeconds: 2 ** 40 })).toBe("ffffffffffffffff");
    expect(lifetimes({ address: "10.0.0.1", prefix: 8, validSeconds: 1.9 })).toBe("0100000001000000");
  });
});

test.each(["", "10.0.0", "10.0.0.0.0", "10.0.0.256", "10.0.0.-1", "10.0.0.x", "a.b.c.d", "1.5.0.0.1"])(
  "an address of %j is refused",
  (address) => {
    const route: Route = { index: 1, destination: address, prefix: 24 };
    expect(() => encodeRoute(route)).toThrow(
      new RangeError(
        `Cannot use address "${address}": four numbers from 0 to 255 with dots between are wanted`,
      ),
    );
  },
);
