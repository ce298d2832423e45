import { describe, expect, test } from "bun:test";
import * as ipv4 from "../../../../system/address/ipv4.ts";

describe("addressToNumber()", () => {
  test.each([
    ["0.0.0.0", 0],
    ["255.255.255.255", 0xffffffff],
    ["192.168.1.77", 0xc0a8014d],
  ])("reads %s, and formatAddress() writes it", (text, number) => {
    expect(ipv4.addressToNumber(text)).toBe(number);
    expect(ipv4.formatAddress(number)).toBe(text);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1.2.3.x",
    "1.2.3.",
    " 1.2.3.4",
    "1.2.3.-4",
    "0x1.2.3.4",
  ])("refuses %j", (text) => expect(() => ipv4.addressToNumber(text)).toThrow(RangeError));
});

test("maskToPrefix() undoes prefixToMask() for all prefixes", () => {
  for (let prefix = 0; prefix <= 32; prefix++)
    expect(ipv4.maskToPrefix(ipv4.prefixToMask(prefix))).toBe(prefix);
});

test.each([0xff00ff00, 1, 0x7fffffff, 0xfffffffd])("maskToPrefix() finds none for %p", (mask) => {
  expect(ipv4.maskToPrefix(mask)).toBeUndefined();
});

test.each([
  ["10.0.2.15", true],
  ["1.0.0.0", true],
  ["223.255.255.255", true],
  ["0.1.2.3", false],
  ["127.0.0.1", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
])("isHostAddress() of %s is %p", (address, expected) => {
  expect(ipv4.isHostAddress(ipv4.addressToNumber(address))).toBe(expected);
});

test("networkOf(), broadcastOf() and isInNetwork() know their bits", () => {
  expect(ipv4.networkOf("10.9.255.50", 17)).toBe("10.9.128.0");
  expect(ipv4.broadcastOf("10.9.129.50", 17)).toBe("10.9.255.255");
  expect(ipv4.isInNetwork("200.1.2.3", "200.1.3.0", 23)).toBe(true);
  expect(ipv4.isInNetwork("200.1.2.3", "200.1.3.0", 24)).toBe(false);
  expect(ipv4.isInNetwork("1.1.1.1", "2.2.2.2", 0)).toBe(true);
});

test.each(["10.1", "0x0a000001", "010.0.0.1", "10.0.0.256", " 10.0.0.1"])(
  "parseAddress() takes dotted decimal alone, not %p",
  (text) => {
    expect(ipv4.parseAddress(text)).toBeUndefined();
  },
);

test("formatAddress() keeps high addresses unsigned", () => {
  expect([0, 0xfffefdfc].map(ipv4.formatAddress)).toEqual(["0.0.0.0", "255.254.253.252"]);
});
