import { expect, test } from "bun:test";
import { parseBoolean } from "../../../system/boolean.ts";

test.each([
  ...["1", "yes", "on", "true", "YES", "True"].map((text) => [text, true] as const),
  ...["0", "no", "off", "false", "OFF"].map((text) => [text, false] as const),
  ...["", "2", "maybe", " 1", "y", "toString"].map((text) => [text, undefined] as const),
])("parseBoolean() takes %p for %p", (text, expected) => {
  expect(parseBoolean(text)).toBe(expected);
});
