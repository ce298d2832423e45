import { expect, test } from "bun:test";
import { parseInetAddress } from "../../../../cluster/map/inet-address.ts";

test.each([
  ["10.0.0.1", 0x0a000001],
  ["255.255.255.255", 0xffffffff],
  ["10.1", 0x0a000001],
  ["10.1.2", 0x0a010002],
  ["167772161", 0x0a000001],
  ["0x0a000001", 0x0a000001],
  ["012.0.0.1", 0x0a000001],
])("parseInetAddress() reads %s", (text, address) => {
  expect(parseInetAddress(text)).toBe(address);
});

test.each(["", "1.2.3.4.5", "256.0.0.1", "10.0.0.256", "4294967296", "10..1", "10.0.0.1x", "08.0.0.1", "-1"])(
  "parseInetAddress() knows nothing of %p",
  (text) => {
    expect(parseInetAddress(text)).toBeUndefined();
  },
);
