import { expect, test } from "bun:test";
import { restoreMilliseconds } from "../../../../cluster/migration/patience.ts";

test.each([
  [0, 60_000],
  [200 * 10 ** 6, 70_000],
  [64 * 10 ** 9, 3_260_000],
])("restoreMilliseconds() gives a process of %p bytes %p ms", (bytes, milliseconds) => {
  expect(restoreMilliseconds(bytes)).toBe(milliseconds);
});
