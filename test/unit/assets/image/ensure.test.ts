import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withNote } from "../../../../assets/image/ensure.ts";

const folder = mkdtempSync(join(tmpdir(), "clump-note-"));
afterAll(() => rmSync(folder, { recursive: true }));
const note = join(folder, "built");

test("withNote() has no note while something is made, nor where that fails", async () => {
  expect(await withNote(note, "inputs", async () => existsSync(note))).toBe(false);
  expect(readFileSync(note, "utf8")).toBe("inputs");
  expect(await withNote(note, "others", async () => existsSync(note))).toBe(false);
  expect(readFileSync(note, "utf8")).toBe("others");
  await expect(withNote(note, "broken", () => Promise.reject(new Error("no space")))).rejects.toThrow(
    "no space",
  );
  expect(existsSync(note)).toBe(false);
});
