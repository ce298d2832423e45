import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkCopies } from "../../../../../cluster/migration/arrival/link-copies.ts";

const images = mkdtempSync(join(tmpdir(), "copies-"));
afterEach(() => rmSync(images, { recursive: true, force: true }));

test("each folder of images leads to the copy before, and the first copy to none", () => {
  const copies = ["copy-1", "copy-2", "copy-3"].map((name) => join(images, name));
  for (const copy of copies) mkdirSync(copy, { recursive: true });
  linkCopies(images);
  expect([images, ...copies.slice(1)].map((folder) => realpathSync(join(folder, "parent")))).toEqual([
    copies[2]!,
    copies[0]!,
    copies[1]!,
  ]);
  expect(existsSync(join(copies[0]!, "parent"))).toBeFalse();
});

test("without copies there is no link", () => {
  mkdirSync(images, { recursive: true });
  linkCopies(images);
  expect(existsSync(join(images, "parent"))).toBeFalse();
});
