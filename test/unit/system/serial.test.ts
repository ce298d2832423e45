import { expect, test } from "bun:test";
import { livesAfter, nextLife } from "../../../system/serial.ts";

test.each([
  [1_000, 1_000, 0],
  [1_001, 1_000, 1],
  [999, 1_000, -1],
  [0, 0xffffffff, 1],
  [0xffffffff, 0, -1],
  [0x80000000, 0, 0x80000000],
  [0, 0x80000000, 0x80000000],
  [0x7fffffff, 0, 0x7fffffff],
])("livesAfter(%d, %d) is %d", (life, other, expected) => {
  expect(livesAfter(life, other)).toBe(expected);
});

test("nextLife() is later, whatever was before", () => {
  for (const life of [0, 1_800_000_000, 0x7fffffff, 0xffffffff])
    expect(livesAfter(nextLife(life), life)).toBe(1);
});
