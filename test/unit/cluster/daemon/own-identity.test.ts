import { expect, test } from "bun:test";
import { coversAddress } from "../../../../cluster/daemon/own-identity.ts";
import { addressToNumber } from "../../../../system/address/ipv4.ts";

/** Node 10.0.0.1/24, whose map has 256 addresses of another network too. */
const MAP = [
  { base: 1, address: addressToNumber("10.0.0.1"), count: 255 },
  { base: 300, address: addressToNumber("172.16.0.0"), count: 256 },
  { base: 1, address: addressToNumber("10.1.1.1"), count: 0 },
];

test.each([
  ["10.0.0.2", 24, true],
  ["10.0.0.254", 24, true],
  ["10.0.0.0", 24, false],
  ["10.0.0.255", 24, false],
  ["10.0.1.1", 24, false],
  ["10.0.1.1", 16, true],
  ["10.0.0.255", 16, true],
  ["10.0.255.255", 16, false],
  ["172.16.0.7", 24, true],
  ["172.16.1.7", 24, false],
  ["10.1.1.1", 24, false],
  ["8.8.8.8", 24, false],
  ["169.254.1.1", 24, false],
  ["127.0.0.1", 24, false],
  ["224.0.0.1", 0, false],
  ["10.0.0.0", 31, true],
  ["10.0.0.9", 32, true],
  ["10.0.1.9", 32, false],
])("coversAddress() of %s with a prefix of %d is %p", (address, prefix, covered) => {
  const identity = { address: addressToNumber("10.0.0.1"), prefix, map: MAP };
  expect(coversAddress(identity, addressToNumber(address))).toBe(covered);
});
