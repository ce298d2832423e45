import { expect, test } from "bun:test";
import {
  ANY_FONT,
  decodeFontOp,
  drawBlock,
  encodeFontOp,
  encodeUnicodeMap,
  encodeUnicodePairs,
  fontBytes,
} from "../../../../system/kernel/console-font.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("struct console_font_op is what a C program has there", () => {
  const op = encodeFontOp("get", ANY_FONT, 0x1122_3344_5566);
  expect(hex(op)).toBe(
    "01000000" + "00000000" + "20000000" + "20000000" + "00020000" + "00000000" + "6655443322110000",
  );
  expect(decodeFontOp(encodeFontOp("set", { width: 8, height: 16, count: 256 }, 1))).toEqual({
    width: 8,
    height: 16,
    count: 256,
  });
});

test("struct unimapdesc and its unipairs are, too", () => {
  expect(hex(encodeUnicodeMap(6, 0x7f00_0000_1000))).toBe("0600000000000000" + "00100000007f0000");
  const pairs = [
    { character: "▁", place: 0xc6 },
    { character: "▇", place: 1 },
  ];
  expect(hex(encodeUnicodePairs(pairs))).toBe("8125c600" + "87250100");
});

test.each([
  [1 / 8, `${"00".repeat(14)}ffff`],
  [6 / 8, "00".repeat(4) + "ff".repeat(12)],
  [1, "ff".repeat(16)],
])("drawBlock() fills %d of a cell of 8 x 16 from below, and leaves the others", (filled, wanted) => {
  const shape = { width: 8, height: 16, count: 4 };
  const glyphs = new Uint8Array(fontBytes(shape)).fill(0x55);
  drawBlock(glyphs, shape, { place: 2, filled });
  expect(hex(glyphs.subarray(64, 80))).toBe(wanted);
  expect(new Set(glyphs.subarray(0, 64))).toEqual(new Set([0x55]));
  expect(new Set(glyphs.subarray(80))).toEqual(new Set([0x55]));
});

test("drawBlock() knows fonts of two bytes a row", () => {
  const shape = { width: 12, height: 24, count: 2 };
  const glyphs = new Uint8Array(fontBytes(shape));
  expect(glyphs.length).toBe(128);
  drawBlock(glyphs, shape, { place: 1, filled: 1 / 8 });
  expect(hex(glyphs.subarray(64, 64 + 48))).toBe("00".repeat(42) + "ff".repeat(6));
});
