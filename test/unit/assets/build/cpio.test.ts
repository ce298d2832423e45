import { expect, test } from "bun:test";
import { type CpioEntry, encodeCpio, findFile } from "../../../../assets/build/cpio.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const file = (path: string, content: string): CpioEntry => ({
  path,
  type: "file",
  mode: 0o644,
  bytes: Buffer.from(content),
});

test("encodeCpio() writes a file as newc has it: thirteen numbers of eight digits, name and data padded to four", () => {
  const archive = text(encodeCpio([file("a.txt", "hello")], 0));
  // Inode 1, a file of 644, owner and group 0, one link, time 0, five bytes; no device; a name of six bytes.
  const numbers = ["1", "81a4", "0", "0", "1", "0", "5", "0", "0", "0", "0", "6", "0"];
  const header = `070701${numbers.map((number) => number.padStart(8, "0")).join("")}`;
  const rest = "a.txt\0hello\0\0\0";
  expect(archive.slice(0, 124)).toBe(header + rest);
});

test("encodeCpio() ends with the trailer, on a multiple of four", () => {
  const archive = encodeCpio([file("a", "")]);
  expect(text(archive)).toContain("TRAILER!!!\0");
  expect(archive.length % 4).toBe(0);
});

test.each([
  [
    "a directory",
    { path: "dev", type: "directory", mode: 0o755 },
    "000041ed",
    "00000002",
    "0000000000000000",
  ],
  [
    "a character device",
    { path: "c", type: "character", mode: 0o600, major: 5, minor: 1 },
    "00002180",
    "00000001",
    "0000000500000001",
  ],
  [
    "a block device",
    { path: "b", type: "block", mode: 0o600, major: 7, minor: 0 },
    "00006180",
    "00000001",
    "0000000700000000",
  ],
  [
    "a link",
    { path: "l", type: "link", mode: 0o777, target: "x" },
    "0000a1ff",
    "00000001",
    "0000000000000000",
  ],
] as const)("encodeCpio() writes %s without root", (_, entry, mode, links, device) => {
  const archive = text(encodeCpio([entry]));
  expect(archive.slice(14, 22)).toBe(mode);
  expect(archive.slice(38, 46)).toBe(links);
  expect(archive.slice(78, 94)).toBe(device);
});

test("encodeCpio() sorts, so that the order of entries does not show", () => {
  const entries = [file("b", "2"), file("a", "1"), file("a-b", "3")];
  expect(encodeCpio(entries)).toEqual(encodeCpio(entries.toReversed()));
});

test("encodeCpio() writes the time it is given, to every entry", () => {
  const archive = text(encodeCpio([file("a", "1"), file("b", "2")], 0x12345678));
  expect(archive.match(/12345678/g)).toHaveLength(2);
});

test("findFile() gives where the bytes of a file are, and names one that is not there", () => {
  const archive = encodeCpio([file("a", "12345"), file("b/c", "hello"), file("d", "")]);
  const { begin, end } = findFile(archive, "b/c");
  expect(text(archive.subarray(begin, end))).toBe("hello");
  expect(() => findFile(archive, "b")).toThrow("Cannot find b: the archive has no such file");
});
