import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findLibraries } from "../../../../assets/build/libraries.ts";
import { tinyExecutable } from "../image/tiny-elf.ts";

const folder = mkdtempSync(join(tmpdir(), "clump-libraries-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, bytes: Uint8Array): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
  return join(folder, path);
}

const loader = put("libc6/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", tinyExecutable([]));
put("libc6/lib/x86_64-linux-gnu/libc.so.6", tinyExecutable(["ld-linux-x86-64.so.2"]));
put("zlib1g/usr/lib/x86_64-linux-gnu/libz.so.1.2.13", tinyExecutable(["libc.so.6"]));
symlinkSync("libz.so.1.2.13", join(folder, "zlib1g/usr/lib/x86_64-linux-gnu/libz.so.1"));
const program = put("program", tinyExecutable(["libz.so.1"], "/lib64/ld-linux-x86-64.so.2"));
const PACKAGES = new Map(["libc6", "zlib1g"].map((name) => [name, join(folder, name)]));

test("findLibraries() finds what a program needs, what that needs, and the loader", () => {
  const found = findLibraries([program], PACKAGES);
  expect(found.map((library) => [library.name, library.package])).toEqual([
    ["ld-linux-x86-64.so.2", "libc6"],
    ["libc.so.6", "libc6"],
    ["libz.so.1", "zlib1g"],
  ]);
  expect(found[0]?.file).toBe(loader);
});

test("findLibraries() gives the file that a library's link leads to", () => {
  expect(findLibraries([program], PACKAGES)[2]?.file).toEndWith("/libz.so.1.2.13");
});

test("findLibraries() looks for no library that is among the executables", () => {
  const asks = put("usr/sbin/asks", tinyExecutable(["libown.so"]));
  const own = put("usr/lib/plugins/libown.so", tinyExecutable(["libc.so.6"]));
  expect(findLibraries([asks, own], PACKAGES).map(({ name }) => name)).toEqual([
    "ld-linux-x86-64.so.2",
    "libc.so.6",
  ]);
});

test("findLibraries() names the library that no package has, and who needs it", () => {
  const asks = put("asks", tinyExecutable(["libnone.so.3"]));
  expect(() => findLibraries([asks], PACKAGES)).toThrow(
    "Cannot put in asks: none of the packages has libnone.so.3",
  );
});
