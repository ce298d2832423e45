import { expect, test } from "bun:test";
import { formatNotes, formatSums, releaseFiles } from "../../../../assets/release/notes.ts";
import { formatOsRelease } from "../../../../assets/release/uki.ts";

const FILES = [
  { name: "clump-7.0.0.iso", bytes: 106_303_488, sha256: "aa" },
  { name: "vmlinuz", bytes: 8_247_232, sha256: "bb" },
];
const PARTS = [{ name: "linux-image-6.1.0-56-amd64", version: "6.1.187-1" }];

test("formatNotes() has each file with its size, beside the ISO of 2002, and each part with its version", () => {
  const notes = formatNotes({ version: "7.0.0", files: FILES, parts: PARTS, isSigned: false });
  expect(notes).toStartWith("# clump 7.0.0\n");
  expect(notes).toContain("| clump-7.0.0.iso | 106,303,488 | CD and USB disk, BIOS and UEFI |\n");
  expect(notes).toContain("| 8,028,160 |");
  expect(notes).toContain("| linux-image-6.1.0-56-amd64 | 6.1.187-1 |\n");
});

test("formatNotes() says of every file of a release what it is", () => {
  const names = releaseFiles("7.0.0");
  const files = names.map((name) => ({ name, bytes: 1, sha256: "cc" }));
  const notes = formatNotes({ version: "7.0.0", files, parts: PARTS, isSigned: false });
  for (const name of names) expect(notes).toMatch(new RegExp(`^\\| ${name} \\| 1 \\| \\S.* \\|$`, "m"));
});

test("formatNotes() says how to check a signature, or that there is none", () => {
  const notes = (isSigned: boolean) => formatNotes({ version: "7", files: FILES, parts: PARTS, isSigned });
  expect(notes(true)).toContain(
    "ssh-keygen -Y verify -f signers -I clump -n clump-release -s SHA256SUMS.sig",
  );
  expect(notes(false)).not.toContain("ssh-keygen");
  expect(notes(false)).toContain("\nSHA256SUMS is not signed");
  expect(notes(true)).not.toContain("not signed");
});

test("formatSums() writes what sha256sum reads", () => {
  expect(formatSums(FILES)).toBe("aa  clump-7.0.0.iso\nbb  vmlinuz\n");
});

test("formatOsRelease() names the version", () => {
  expect(formatOsRelease("7.0.0")).toContain('PRETTY_NAME="clump 7.0.0"\n');
});
