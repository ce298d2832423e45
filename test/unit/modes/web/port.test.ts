import { expect, test } from "bun:test";
import { parseWebPort } from "../../../../modes/web/port.ts";

test.each<[string, number | undefined]>([
  ["", 8080],
  ["1", 8080],
  ["on", 8080],
  ["yes", 8080],
  ["0", 0],
  ["off", 0],
  ["no", 0],
  ["80", 80],
  ["65535", 65_535],
  ["65536", undefined],
  ["2", undefined],
  ["00", undefined],
  ["-80", undefined],
  ["8080x", undefined],
  ["maybe", undefined],
])("parseWebPort(%j) is %p", (value, port) => {
  expect(parseWebPort(value)).toBe(port);
});
