import { describe, expect, test } from "bun:test";
import {
  addressOfNode,
  formatMap,
  type MapEntry,
  mapOfOption,
  nodeAtAddress,
  parseMap,
} from "../../../../cluster/map/map.ts";
import { formatAddress } from "../../../../system/address/ipv4.ts";

const HOSTS: Readonly<Record<string, number>> = { "node1.example": 0xc0a80101, gateway: 0x0a000001 };

const parse = (text: string) => parseMap(text, { resolve: async (name) => HOSTS[name], program: "setpe" });

const show = (entries: readonly MapEntry[]) =>
  entries.map(({ base, address, count }) => `${base} ${formatAddress(address)} ${count}`);

/** The example of the map that openMosix-tools install. */
const SHIPPED = `# Example: 10 machines with IP addresses 192.168.1.50 - 192.168.1.59
# 1\t   192.168.1.50\t    10
# MOSIX-#  IP  number-of-nodes
# ============================
`;

describe("parseMap()", () => {
  test.each([
    ["one range", "1 192.168.1.1 254\n", ["1 192.168.1.1 254"]],
    ["no newline at the end", "1 192.168.1.1 254", ["1 192.168.1.1 254"]],
    [
      "single nodes",
      "1 10.0.0.1 2\n3 10.0.0.100 2\n5 10.0.0.150 1\n",
      ["1 10.0.0.1 2", "3 10.0.0.100 2", "5 10.0.0.150 1"],
    ],
    ["a blank before an entry", " 1 10.0.0.1 4\n", ["1 10.0.0.1 4"]],
    ["tabs", "1\t   192.168.1.50\t    10\n", ["1 192.168.1.50 10"]],
    ["comments and empty lines", `${SHIPPED}\n1 10.0.0.1 1\n#\n`, ["1 10.0.0.1 1"]],
    ["a line that begins with NUL", "\0junk\n1 10.0.0.1 1\n", ["1 10.0.0.1 1"]],
    ["an alias", "4 192.168.1.4 1\n4 192.168.10.10 ALIAS\n", ["4 192.168.1.4 1", "4 192.168.10.10 0"]],
    ["an alias in small letters", "4 192.168.10.10 aLiaS\n", ["4 192.168.10.10 0"]],
    ["a count of 0, which is an alias", "4 192.168.10.10 0\n", ["4 192.168.10.10 0"]],
    ["a host name", "1 node1.example 4\n", ["1 192.168.1.1 4"]],
    ["an alias by host name", "1 gateway alias\n", ["1 10.0.0.1 0"]],
    ["anything after the third field", "1 10.0.0.1 4 # the lab\n", ["1 10.0.0.1 4"]],
    ["a number with letters behind it", "1 10.0.0.1 4abc\n", ["1 10.0.0.1 4"]],
    ["a carriage return at the end", "1 10.0.0.1 4\r\n", ["1 10.0.0.1 4"]],
    ["blanks between octets", "1 10. 0. 0. 1 4\n", ["1 10.0.0.1 4"]],
    ["octets over 255, joined and not checked", "1 10.0.0.300 4\n", ["1 10.0.1.44 4"]],
    ["a number as gethostbyname(3) reads it", "1 167772161 4\n", ["1 10.0.0.1 4"]],
    ["a number as inet_addr(3) alone reads it, its bytes swapped", "1 0x0a000001 4\n", ["1 1.0.0.10 4"]],
    ["a number too big for int", "99999999999 10.0.0.1 4\n", ["2147483647 10.0.0.1 4"]],
    ["an address of 127.255.255.255 and above as unsigned", "1 255.0.0.1 1\n", ["1 255.0.0.1 1"]],
  ])("reads %s", async (_, text, wanted) => {
    expect(show(await parse(text))).toEqual(wanted);
  });

  test.each([
    ["a blank before a comment", " # x\n", "Bad Table Input: < # x>"],
    ["a line of blanks", "   \n", "Bad Table Input: <   >"],
    ["an empty line that begins the file", "\n1 10.0.0.1 4\n", "Bad Table Input: <\n>"],
    ["two fields", "1 10.0.0.1\n", "Bad Table Input: <1 10.0.0.1>"],
    ["a word for a number", "one 10.0.0.1 4\n", "Bad Table Input: <one 10.0.0.1 4>"],
    ["a word for a count", "1 10.0.0.1 many\n", "Bad Table Input: <1 10.0.0.1 many>"],
    ["more than the word alias", "1 10.0.0.1 aliases\n", "Bad Table Input: <1 10.0.0.1 aliases>"],
  ])("refuses %s", async (_, text, message) => {
    await expect(parse(text)).rejects.toThrow(new SyntaxError(message));
  });

  test.each([
    ["a host nobody knows", "1 nowhere 4\n", "nowhere: Unknown host"],
    ["no entry at all", SHIPPED, "setpe: the table is empty."],
    ["257 entries", "1 10.0.0.1 0\n".repeat(257), "setpe: Table Overflow"],
  ])("refuses %s", async (_, text, message) => {
    await expect(parse(text)).rejects.toThrow(new RangeError(message));
  });

  test("reads 256 entries", async () => {
    expect(await parse("1 10.0.0.1 0\n".repeat(256))).toHaveLength(256);
  });

  test("reads a line of more than 511 bytes as two, as fgets(512) does", async () => {
    const long = `1 10.0.0.1 4 ${"x".repeat(498)}2 10.0.0.9 1\n`;
    expect(show(await parse(long))).toEqual(["1 10.0.0.1 4", "2 10.0.0.9 1"]);
  });
});

test("mapOfOption() takes a semicolon for the end of a line", async () => {
  expect(show(await parse(mapOfOption(" ; 1 10.0.0.1 2; 3 10.0.0.100 2;5 10.0.0.1 ALIAS; ")))).toEqual([
    "1 10.0.0.1 2",
    "3 10.0.0.100 2",
    "5 10.0.0.1 0",
  ]);
});

test("formatMap() writes what parseMap() reads", async () => {
  const text = "1 192.168.1.1 254\n7 10.0.0.7 ALIAS\n";
  expect(formatMap(await parse(text))).toBe(text);
});

test("addressOfNode() and nodeAtAddress() count on from the start of a range, past its last octet", async () => {
  const entries = await parse("1 10.0.0.250 10\n1 10.9.9.9 ALIAS\n");
  expect(addressOfNode(entries, 10)).toBe(0x0a000103);
  expect(nodeAtAddress(entries, 0x0a000103)).toBe(10);
  expect(addressOfNode(entries, 11)).toBeUndefined();
  expect(nodeAtAddress(entries, 0x0a090909)).toBeUndefined();
});
