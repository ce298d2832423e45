import { expect, test } from "bun:test";
import { parseByteRange } from "../../../../modes/serve/byte-range.ts";

test.each([
  ["bytes=-4", { first: 6, last: 9 }],
  ["bytes=-99", { first: 0, last: 9 }],
  ["bytes=3-", { first: 3, last: 9 }],
  ["bytes=3-3", { first: 3, last: 3 }],
  ["bytes=3-99", { first: 3, last: 9 }],
] as const)("%s of ten bytes", (field, range) => {
  expect(parseByteRange(field, 10)).toEqual(range);
});

test.each([undefined, "", "bytes=-", "bytes=10-", "bytes=4-3", "bytes=-0", "bytes=0-1,3-4", "lines=0-1"])(
  "%j leads to the whole file",
  (field) => {
    expect(parseByteRange(field, 10)).toBeUndefined();
  },
);

test("no part of an empty file", () => {
  expect(parseByteRange("bytes=-4", 0)).toBeUndefined();
});
