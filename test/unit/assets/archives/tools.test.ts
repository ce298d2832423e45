import { expect, test } from "bun:test";
import { checkToolsSize, MOST_TOOLS_BYTES } from "../../../../assets/archives/tools.ts";

test("checkToolsSize() takes 12 MB and refuses more", () => {
  expect(MOST_TOOLS_BYTES).toBe(12e6);
  checkToolsSize(12e6);
  expect(() => checkToolsSize(12.6e6)).toThrow(
    "Cannot pack the tools: the archive has 12.6 MB, and at most 12.0 MB were wanted, for nodes with 256 MB of memory",
  );
});
