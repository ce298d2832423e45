import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { formatHotPages, readHotPages } from "../../../../assets/image/hot-pages.ts";
import { RUNTIME } from "../../../../assets/image/program.ts";

const RUNTIME_BYTES = Buffer.from("a runtime");

test("the pages of a boot are known for the runtime of today", () => {
  expect(readHotPages(readFileSync(RUNTIME)).length).toBeGreaterThan(100);
});

test("formatHotPages() writes what readHotPages() reads, for that runtime alone", () => {
  const runs = Array.from({ length: 25 }, (_, index) => ({
    begin: 0x200 + index * 3,
    end: 0x202 + index * 3,
  }));
  const text = formatHotPages(RUNTIME_BYTES, runs);
  expect(text.split("\n")).toHaveLength(5);
  expect(readHotPages(RUNTIME_BYTES, text)).toEqual(runs);
  expect(readHotPages(Buffer.from("another"), text)).toEqual([]);
});

test.each(["200", "202-202", "300-200", "xyz-200", "123456789-223456789"])(
  "readHotPages() refuses the run %s",
  (word) => {
    const text = formatHotPages(RUNTIME_BYTES, []) + word;
    expect(() => readHotPages(RUNTIME_BYTES, text)).toThrow(
      `Cannot read the pages of a boot: ${word} is no run, and FIRST-END was wanted`,
    );
  },
);
