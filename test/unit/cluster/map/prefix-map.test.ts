import { expect, test } from "bun:test";
import { checkMap } from "../../../../cluster/map/check.ts";
import { parseMap } from "../../../../cluster/map/map.ts";
import { isSpan, mapFromPrefix } from "../../../../cluster/map/prefix-map.ts";

test.each([
  ["10.7.3.77", 16, 845, "1 10.7.0.1 65534"],
  ["10.7.255.254", 16, 65_534, "1 10.7.0.1 65534"],
  ["192.168.6.1", 22, 513, "1 192.168.4.1 1022"],
  ["192.168.1.77", 24, 77, "1 192.168.1.1 254"],
  ["192.168.1.77", 26, 13, "1 192.168.1.65 62"],
  ["10.0.0.2", 30, 2, "1 10.0.0.1 2"],
  ["223.255.255.1", 16, 65_281, "1 223.255.0.1 65534"],
])(
  "mapFromPrefix() of %s/%d makes node %d of the map %s, which setpe takes",
  async (address, prefix, node, entry) => {
    const map = mapFromPrefix(address, prefix);
    expect([map.node, map.text.split("\n")[1], map.warning]).toEqual([node, entry, undefined]);
    const entries = await parseMap(map.text, { resolve: async () => undefined, program: "setpe" });
    const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    expect(checkMap(entries, { addresses: [number] }, "setpe")).toBe(node);
  },
);

test("mapFromPrefix() says which network it is", () => {
  expect(mapFromPrefix("10.7.3.77", 16).text).toStartWith(
    "# Network 10.7.0.0/16: the node number is the host number\n",
  );
});

const WANTED = "and a prefix of 16 to 30 was wanted; give clump.map= or leave out clump.map.span=";

test.each([
  [
    "10.7.3.77",
    15,
    `Cannot number the nodes of all 10.7.3.77/15: it takes more than the 65534 there are, ${WANTED}`,
  ],
  [
    "10.7.3.77",
    8,
    `Cannot number the nodes of all 10.7.3.77/8: it takes more than the 65534 there are, ${WANTED}`,
  ],
  ["10.7.3.77", 31, `Cannot number the nodes of all 10.7.3.77/31: it takes none, ${WANTED}`],
  ["10.7.3.77", 32, `Cannot number the nodes of all 10.7.3.77/32: it takes none, ${WANTED}`],
  [
    "10.7.0.0",
    16,
    "Cannot number this node from 10.7.0.0/16: its host number is 0, and 1 to 65534 was wanted; give clump.map=",
  ],
  [
    "10.7.255.255",
    16,
    "Cannot number this node from 10.7.255.255/16: its host number is 65535, and 1 to 65534 was wanted; give clump.map=",
  ],
  ["node7", 16, 'Cannot make a map from "node7": it is no address, and one like 192.168.1.77 was wanted'],
])("mapFromPrefix() refuses %s/%d", (address, prefix, message) => {
  expect(() => mapFromPrefix(address, prefix)).toThrow(new RangeError(message));
});

test.each([
  ["class-c", true],
  ["prefix", true],
  ["Prefix", false],
  ["", false],
])("isSpan(%j) is %p", (text, wanted) => {
  expect(isSpan(text)).toBe(wanted);
});
