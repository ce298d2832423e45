import { expect, test } from "bun:test";
import { replaceBlocks } from "../../../../assets/documents/blocks.ts";

const DOCUMENT =
  "# A\n<!-- made from the code: a -->\nold\n<!-- end -->\nb\n<!-- made from the code: c-d -->\n<!-- end -->\n";

test("each block gets the text of its name, and what stands around stays", () => {
  expect(replaceBlocks(DOCUMENT, { a: "new $1\n", "c-d": "x\n" })).toBe(
    "# A\n<!-- made from the code: a -->\nnew $1\n<!-- end -->\nb\n<!-- made from the code: c-d -->\nx\n<!-- end -->\n",
  );
});

test("a block without a text and a text without a block are named", () => {
  expect(() => replaceBlocks(DOCUMENT, { a: "" })).toThrow(
    'Cannot make the block "c-d": no text of that name was made',
  );
  expect(() => replaceBlocks(DOCUMENT, { a: "", "c-d": "", e: "" })).toThrow(
    'Cannot place the text "e": the document has no block for it',
  );
});
