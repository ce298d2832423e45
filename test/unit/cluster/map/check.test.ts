import { describe, expect, test } from "bun:test";
import { checkMap } from "../../../../cluster/map/check.ts";
import type { MapEntry } from "../../../../cluster/map/map.ts";

const entry = (base: number, address: number, count: number): MapEntry => ({ base, address, count });
const TEN = 0x0a000000;
const LAB = [entry(1, TEN + 1, 254)];

describe("checkMap() refuses", () => {
  test.each([
    ["an own number of 0", LAB, 0, "setpe: My node number < 1 ???"],
    ["an own number too large", LAB, 65_535, "setpe: This node number is larger thanthe maximum (65534)"],
    ["no entries", [], 1, "setpe: The table is Empty!"],
    ["257 entries", Array(257).fill(entry(1, TEN, 0)), 1, "setpe: Table size too big (max 256 entries)"],
    ["node 0", [entry(0, TEN, 2)], 1, "setpe: Table contains OpenMosix 'node-#0'!"],
    ["a node below 0 behind an alias", [entry(-4, TEN, 0)], 1, "setpe: Table contains OpenMosix 'node-#-4'!"],
    [
      "a range past the last node",
      [entry(65_534, TEN, 2)],
      1,
      "setpe: Table contains node-#65535 (max=65534)!",
    ],
    [
      "a negative count",
      [entry(-1, TEN, -1)],
      1,
      "setpe: Table contains a range with a negative number of nodes!",
    ],
    [
      "addresses past the last one",
      [entry(1, 0xfffffffe, 2)],
      1,
      "setpe: Table contains an IP Address(es) Wrap!",
    ],
    [
      "shared numbers",
      [entry(1, TEN, 5), entry(5, TEN + 99, 1)],
      1,
      "setpe: Table contains conflicting OpenMosix addresses!",
    ],
    [
      "shared addresses",
      [entry(1, TEN, 5), entry(9, TEN + 4, 1)],
      1,
      "setpe: Table contains conflicting IP addresses!",
    ],
    [
      "an alias of nobody",
      [...LAB, entry(300, 1, 0)],
      1,
      "setpe: Table contains an alias for node #300 - which is not included!",
    ],
    [
      "an alias inside a range",
      [...LAB, entry(1, TEN + 9, 0)],
      1,
      "setpe: Table contains an IP conflict between a range and an alias!",
    ],
    [
      "one alias twice",
      [...LAB, entry(1, 5, 0), entry(2, 5, 0)],
      1,
      "setpe: Table contains a conflict: 2 or more aliases claim the same IP address!",
    ],
    ["a map without this node", LAB, 255, "setpe: the table is ok, but I'm not there!"],
  ])("%s", (_, entries, node, message) => {
    expect(() => checkMap(entries as MapEntry[], { node: node as number }, "setpe")).toThrow(
      new RangeError(message as string),
    );
  });

  test("a map without this node's address", () => {
    expect(() => checkMap(LAB, { addresses: [0xc0a80102, 7] }, "setpe")).toThrow(
      new RangeError(
        "setpe: the supplied table is well-formatted,\nbut my IP address (192.168.1.2) is not there!",
      ),
    );
  });
});

describe("checkMap() reports the first fault, entry by entry", () => {
  test.each([
    ["own number before the entries", [], 0, "My node number"],
    [
      "a conflict with an earlier range before node 0 of a later entry",
      [...LAB, ...LAB, entry(0, 1, 1)],
      1,
      "conflicting OpenMosix",
    ],
    [
      "an alias against later entries",
      [entry(1, TEN, 0), entry(0, 1, 1), entry(1, TEN, 1)],
      1,
      "range and an alias",
    ],
    ["numbers before addresses", [...LAB, ...LAB], 1, "conflicting OpenMosix"],
    ["the map before this node", [...LAB, entry(999, 1, 0)], 999, "an alias for node #999"],
  ])("%s", (_, entries, node, message) => {
    expect(() => checkMap(entries as MapEntry[], { node: node as number }, "setpe")).toThrow(
      message as string,
    );
  });
});

describe("checkMap() gives this node's number", () => {
  test.each([
    ["as it was told", { node: 15 }, 15],
    ["by its address", { addresses: [TEN + 15] }, 15],
    ["by the first address that is in the map", { addresses: [1, TEN + 2] }, 2],
  ])("%s", (_, self, node) => {
    expect(checkMap(LAB, self, "setpe")).toBe(node);
  });

  test("at the limits of the table", () => {
    expect(checkMap([entry(65_534, 0xfffffffe, 1)], { node: 65_534 }, "setpe")).toBe(65_534);
    const touching = [entry(1, TEN, 5), entry(6, TEN + 5, 5), entry(1, 9, 0)];
    expect(checkMap(touching, { node: 6 }, "setpe")).toBe(6);
  });
});
