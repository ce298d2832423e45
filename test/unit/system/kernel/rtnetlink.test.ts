import { describe, expect, test } from "bun:test";
import type { InterfaceAddress, Route } from "../../../../system/kernel/kernel.ts";
import { decodeAttributes } from "../../../../system/kernel/netlink.ts";
import { encodeAddress, encodeRootOnlyRule, encodeRoute } from "../../../../system/kernel/rtnetlink.ts";
import { netlinkParts } from "../../../fixtures/bytes.ts";

describe("a request says what iproute2 says, as captured:", () => {
  test.each<[string, Uint8Array, string, number]>([
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
    expect(netlinkParts(ours, headBytes)).toEqual(netlinkParts(Uint8Array.fromHex(captured), headBytes));
  });
});

test("encodeRoute() says of IPv6 what `ip -6 route add default via 2001:db8::1 proto dhcp metric 100` says", () => {
  const body = encodeRoute({ index: 3, destination: "::", prefix: 0, gateway: "2001:db8::1", metric: 100 });
  const [gateway, metric, link] = [
    `14000500${"20010db8"}${"0".repeat(22)}01`,
    "0800060064000000",
    "0800040003000000",
  ];
  const theirs = Uint8Array.fromHex(`0a000000fe10000100000000${gateway}${metric}${link}`);
  expect(netlinkParts(body, 12)).toEqual(netlinkParts(theirs, 12));
});

test("encodeRootOnlyRule() says what `ip -6 rule add pref 5000 to NETWORK uidrange 1-4294967294 unreachable` says", () => {
  const attributes = [
    "0800060088130000",
    "14000100fd123456789abcde0000000000000000",
    "0c00140001000000feffffff",
  ];
  const theirs = Uint8Array.fromHex(`0a4000000000000700000000${attributes.join("")}`);
  expect(netlinkParts(encodeRootOnlyRule("fd12:3456:789a:bcde::", 64), 12)).toEqual(netlinkParts(theirs, 12));
});

test.each(["2001:db8", "1::2::3", "1:2:3:4:5:6:7:8:9", "2001:db8::x", "12345::"])(
  "an IPv6 address of %j is refused",
  (address) => {
    const message = `Cannot use address "${address}": IPv6 like 2001:db8::7 is wanted`;
    expect(() => encodeAddress(1, { address, prefix: 64 })).toThrow(new RangeError(message));
  },
);

describe("encodeAddress()", () => {
  test("says of IPv6 what `ip -6 addr add 2001:db8::5/64` says, and that it is for ever", () => {
    const body = encodeAddress(3, { address: "2001:db8::5", prefix: 64 });
    expect(body.subarray(0, 8).toHex()).toBe("0a40000003000000");
    const attributes = decodeAttributes(body.subarray(8));
    for (const type of [1, 2]) expect(attributes.get(type)?.toHex()).toBe("20010db8000000000000000000000005");
  });

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
        `Cannot read the address "${address}": wanted four numbers from 0 to 255, as in 192.168.1.7`,
      ),
    );
  },
);
