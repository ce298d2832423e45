import { afterEach, expect, test } from "bun:test";
import { buildTime } from "../../../../assets/build/build-time.ts";

const { SOURCE_DATE_EPOCH } = process.env;
afterEach(() => {
  if (SOURCE_DATE_EPOCH === undefined) delete process.env["SOURCE_DATE_EPOCH"];
  else process.env["SOURCE_DATE_EPOCH"] = SOURCE_DATE_EPOCH;
});

test.each([
  ["", 0],
  ["0", 0],
  ["1784500000", 1_784_500_000],
  ["4294967295", 4_294_967_295],
])("buildTime() of %p is %p", (text, seconds) => {
  process.env["SOURCE_DATE_EPOCH"] = text;
  expect(buildTime()).toBe(seconds);
});

test("buildTime() is 1970 where nothing is said", () => {
  delete process.env["SOURCE_DATE_EPOCH"];
  expect(buildTime()).toBe(0);
});

test.each(["today", "-1", "1.5", "4294967296", "0x10"])("buildTime() refuses %s", (text) => {
  process.env["SOURCE_DATE_EPOCH"] = text;
  expect(buildTime).toThrow(`Cannot use SOURCE_DATE_EPOCH=${text}: whole seconds since 1970`);
});
