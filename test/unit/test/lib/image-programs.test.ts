import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { ARCHIVES, ARCHIVES_BESIDE } from "../../../../assets/archives/archives.ts";
import { KMOD_NAMES, PROGRAM_NAMES, USERLAND_FILES } from "../../../../assets/image/manifest.ts";
import { PROGRAM_CHECKS } from "../../../lib/image-programs.ts";

const isProgram = (path: string) => /^usr\/s?bin\//.test(path);

test("a test runs each program of the image on a node", () => {
  const files = [...USERLAND_FILES, ...[...ARCHIVES, ...ARCHIVES_BESIDE].flatMap((archive) => archive.files)]
    .map(({ to }) => to)
    .filter(isProgram);
  // A script of ours stands before lsusb of usbutils.
  const programs = [
    ...PROGRAM_NAMES,
    "usr/bin/lsusb",
    ...files,
    ...KMOD_NAMES.map((name) => `usr/sbin/${name}`),
  ];
  expect(Object.keys(PROGRAM_CHECKS).sort()).toEqual(programs.sort());
});

test("the other tests of programs exist", () => {
  const others = Object.values(PROGRAM_CHECKS).flatMap((check) => ("test" in check ? check.test : []));
  expect(others.filter((path) => !existsSync(path))).toEqual([]);
});
