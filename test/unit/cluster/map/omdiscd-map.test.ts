import { describe, expect, test } from "bun:test";
import { formatMap } from "../../../../cluster/map/map.ts";
import { growMap, omdiscdMap, omdiscdNode } from "../../../../cluster/map/omdiscd-map.ts";

describe("growMap()", () => {
  test.each<[string, number[], string]>([
    ["one node", [0xc0a80adc], "2780 192.168.10.220 1\n"],
    ["neighbours, in any order", [0x0a000003, 0x0a000001, 0x0a000002], "1 10.0.0.1 3\n"],
    ["others", [0x0a000001, 0x0a000003], "1 10.0.0.1 1\n3 10.0.0.3 1\n"],
    ["one twice", [0x0a000001, 0x0a000001], "1 10.0.0.1 1\n"],
    ["two of one number: the first keeps it", [0x0b000001, 0x0a000001], "1 11.0.0.1 1\n"],
    ["an address without a number", [0x0a010000, 0x0a010001], "1 10.1.0.1 1\n"],
  ])("holds %s", (_, addresses, text) => {
    expect(formatMap(growMap(addresses))).toBe(text);
  });

  test("holds no more ranges than setpe takes", () => {
    expect(growMap(Array.from({ length: 600 }, (_, index) => 0x0a000001 + 2 * index)).length).toBe(256);
  });
});

test("omdiscdMap() numbers a node by the last two octets of its address", () => {
  expect(omdiscdMap("192.168.10.220")).toMatchObject({ node: 2780 });
  expect(omdiscdMap("192.168.10.220").text).toMatch(/\n2780 192\.168\.10\.220 1\n$/);
  expect(() => omdiscdMap("10.1.0.0")).toThrow("Cannot number this node from 10.1.0.0");
});

test.each([
  [0x0a000062, 98],
  [0xc0a80adc, 2780],
  [0x0a010000, undefined],
  [0x0a01ffff, undefined],
])("omdiscdNode(%p) is %p", (address, node) => {
  expect(omdiscdNode(address)).toBe(node);
});
