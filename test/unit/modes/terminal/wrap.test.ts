import { expect, test } from "bun:test";
import { wrapText } from "../../../../modes/terminal/wrap.ts";

test.each<[string, number, string[]]>([
  ["", 5, [""]],
  ["one two", 7, ["one two"]],
  ["one two", 6, ["one", "two"]],
  ["one two three", 7, ["one two", "three"]],
  ["to firmware", 4, ["to", "firm", "ware"]],
  ["firmware to", 5, ["firmw", "are", "to"]],
  ["日本 語", 4, ["日本", "語"]],
  ["日本語", 4, ["日本", "語"]],
  ["ab", 0, ["a", "b"]],
])("wrapText() parts %j at %d", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});
