import { expect, test } from "bun:test";
import { readSources } from "../../../../assets/documents/documents.ts";
import { folderPaths, LAYERS } from "../../../../assets/documents/layers.ts";
import { folderOf } from "../../../../assets/documents/picture.ts";

/** Characters that fit into a box of the picture. */
const LONGEST = 38;

test("every folder of the program is described, and no other", () => {
  const folders = new Set([...readSources().keys()].map(folderOf));
  expect(folderPaths().toSorted()).toEqual([...folders].toSorted());
});

test("every description fits into its box", () => {
  const texts = LAYERS.flatMap(({ summary, files, folders }) => [summary, files, ...Object.values(folders)]);
  expect(texts.filter((text) => text.length > LONGEST)).toEqual([]);
});
