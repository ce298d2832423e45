import { expect, test } from "bun:test";
import { mapFromAddress } from "../../../../cluster/map/class-c.ts";
import { parseMap } from "../../../../cluster/map/map.ts";

test("mapFromAddress() numbers a node by its last octet", async () => {
  const map = mapFromAddress("192.168.1.77", 24);
  expect(map.node).toBe(77);
  expect(map.warning).toBeUndefined();
  expect(map.text).toBe(
    "# Class C network 192.168.1.0: the node number is the last octet of the address\n1 192.168.1.1 254\n",
  );
  const entries = await parseMap(map.text, { resolve: async () => undefined, program: "setpe" });
  expect(entries).toEqual([{ base: 1, address: 0xc0a80101, count: 254 }]);
});

test.each([
  ["10.0.0.1", 1],
  ["223.255.255.254", 254],
])("mapFromAddress() takes %s", (address, node) => {
  expect(mapFromAddress(address, 24).node).toBe(node);
});

test.each([
  ["10.0.5.0", /last octet is 0, and 1 to 254 was wanted/],
  ["10.0.5.255", /last octet is 255, and 1 to 254 was wanted/],
  ["10.0.5", /it is no address/],
  ["10.0.5.256", /it is no address/],
  ["10.0.5.010", /it is no address/],
  ["node1", /it is no address/],
])("mapFromAddress() refuses %s", (address, message) => {
  expect(() => mapFromAddress(address, 16)).toThrow(message);
});

test.each([16, 23, 25])("mapFromAddress() warns of a /%d", (prefix) => {
  const { text, warning } = mapFromAddress("10.0.5.7", prefix);
  expect(text).toContain("1 10.0.5.1 254\n");
  expect(warning).toBe(
    `10.0.5.7/${prefix} is no Class C network (/24): the map holds 10.0.5.1 to 10.0.5.254 all the same, give clump.map.span=prefix or clump.map= where that is wrong`,
  );
});
