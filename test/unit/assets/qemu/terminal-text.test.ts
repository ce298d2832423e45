import { expect, test } from "bun:test";
import { createTextStream } from "../../../../assets/qemu/terminal-text.ts";

test.each([
  ["colours", ["\x1b[1;32mok\x1b[0m"], "ok"],
  ["a carriage return", ["a\r\nb"], "a\nb"],
  ["a sequence cut in two", ["a\x1b[3", "1mb"], "ab"],
  ["an escape at the end of a chunk", ["a\x1b", "[Kb"], "ab"],
  ["a move to another row", ["a\x1b[2;1Hb"], "a\nb"],
  ["a question about the cursor", ["\x1b[6n/ # "], "/ # "],
  ["a window title", ["\x1b]0;clump\x07node"], "node"],
  ["a character set", ["\x1b(Bnode"], "node"],
])("createTextStream() makes plain text of %s", (_name, chunks, plain) => {
  const stream = createTextStream();
  expect(chunks.map(stream).join("")).toBe(plain);
});
