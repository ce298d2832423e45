import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Archive } from "../../../../assets/archives/archive.ts";
import { archiveFolder, takeApart, takeArchives } from "../../../../assets/image/archive-tree.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clump-archives-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text = path) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** An archive of files of one package that has the archive's name. */
function archiveOf(name: string, paths: readonly string[]): Archive {
  for (const path of paths) put(`packages/${name}/${path}`);
  const files = paths.map((path) => ({ package: name, from: path, to: `usr/${path}` }));
  return { name, packages: [name], files, ownFiles: {} };
}

const target = () => join(folder, "tree");

function take(...archives: readonly Archive[]) {
  mkdirSync(join(target(), "usr"), { recursive: true });
  const packages = new Map(archives.map(({ name }) => [name, join(folder, "packages", name)]));
  return takeArchives(target(), archives, packages);
}

const linkOf = (path: string) => readlinkSync(join(target(), "usr", path));

test("the system has a link to each file of an archive, in the highest folder that it has not itself", () => {
  put("tree/usr/share/doc/readme");
  const taken = take(archiveOf("one", ["share/X11/rules/evdev", "share/X11/locale/C", "share/doc/one"]));
  expect(taken).toEqual(new Set(["one"]));
  expect(linkOf("share/X11")).toBe("../lib/clump/one/share/X11");
  expect(linkOf("share/doc/one")).toBe("../../lib/clump/one/share/doc/one");
  expect(existsSync(join(archiveFolder(target(), { name: "one" }), "share/X11/locale/C"))).toBe(true);
  expect(existsSync(join(target(), "usr/lib/clump/one"))).toBe(true);
});

test("what an archive takes of the system has a link there, with all that lies in it", () => {
  for (const path of ["modules/1/net/mlx/core.ko", "modules/1/net/e1000.ko", "firmware/ct2.bin"])
    put(`tree/usr/lib/${path}`);
  symlinkSync("core.ko", join(target(), "usr/lib/modules/1/net/mlx/link.ko"));
  take({ ...archiveOf("rare", []), moved: ["lib/modules/*/net/mlx", "lib/firmware/ct*.bin", "lib/absent"] });
  expect(linkOf("lib/modules/1/net/mlx")).toBe("../../../clump/rare/lib/modules/1/net/mlx");
  expect(linkOf("lib/firmware/ct2.bin")).toBe("../clump/rare/lib/firmware/ct2.bin");
  const rare = archiveFolder(target(), { name: "rare" });
  expect(readlinkSync(join(rare, "lib/modules/1/net/mlx/link.ko"))).toBe("core.ko");
  expect(existsSync(join(rare, "lib/firmware/ct2.bin"))).toBe(true);
  expect(existsSync(join(target(), "usr/lib/modules/1/net/e1000.ko"))).toBe(true);
});

test("two archives in one folder have a link each", () => {
  take(archiveOf("one", ["share/x/one"]), archiveOf("two", ["share/x/two"]));
  expect([linkOf("share/x/one"), linkOf("share/x/two")]).toEqual([
    "../../lib/clump/one/share/x/one",
    "../../lib/clump/two/share/x/two",
  ]);
});

test("a file of the system, or of two archives, is in the system alone", () => {
  put("tree/usr/share/x/system", "of the system");
  take(
    archiveOf("one", ["share/x/system", "share/x/both", "share/x/one"]),
    archiveOf("two", ["share/x/both"]),
  );
  const inOne = (path: string) => existsSync(join(archiveFolder(target(), { name: "one" }), path));
  expect(["share/x/system", "share/x/both", "share/x/one"].map(inOne)).toEqual([false, false, true]);
  expect(readFileSync(join(target(), "usr/share/x/system"), "utf8")).toBe("of the system");
  expect(readFileSync(join(target(), "usr/share/x/both"), "utf8")).toContain("share/x/both");
});

test("an archive that may be alone shares a file with the system only, and a library has a second place for its link", () => {
  put("tree/usr/lib/x86_64-linux-gnu/libc.so", "of the system");
  put("tree/usr/bin/sh");
  const library = "lib/x86_64-linux-gnu/libx.so";
  take(archiveOf("one", [library]));
  const tools = archiveOf("tools", ["bin/bash", library, "lib/x86_64-linux-gnu/libc.so"]);
  const packages = new Map([["tools", join(folder, "packages/tools")]]);
  expect(takeApart(target(), tools, packages)).toEqual(new Set(["tools"]));
  expect(linkOf("bin/bash")).toBe("../lib/clump/tools/bin/bash");
  expect(linkOf(library)).toBe("../clump/one/lib/x86_64-linux-gnu/libx.so");
  expect(linkOf("lib/libx.so")).toBe("clump/tools/lib/x86_64-linux-gnu/libx.so");
  const inTools = (path: string) => existsSync(join(archiveFolder(target(), tools), path));
  expect([library, "lib/x86_64-linux-gnu/libc.so"].map(inTools)).toEqual([true, false]);
});

test("a library of three archives that may be alone has a third place for its link", () => {
  put("tree/usr/lib/x86_64-linux-gnu/libc.so", "of the system");
  const library = "lib/x86_64-linux-gnu/libx.so";
  take(archiveOf("one", [library]));
  for (const name of ["tools", "slurm"])
    takeApart(target(), archiveOf(name, [library]), new Map([[name, join(folder, "packages", name)]]));
  expect(linkOf("lib/libx.so")).toBe("clump/tools/lib/x86_64-linux-gnu/libx.so");
  expect(linkOf("lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v2/libx.so")).toBe(
    "../../../clump/slurm/lib/x86_64-linux-gnu/libx.so",
  );
});

test("an archive that may be alone refuses what another archive has and only one of them can have", () => {
  put("tree/usr/share/x/other");
  take(archiveOf("one", ["share/x/file"]));
  const tools = archiveOf("tools", ["share/x/file"]);
  const packages = new Map([["tools", join(folder, "packages/tools")]]);
  expect(() => takeApart(target(), tools, packages)).toThrow(
    "Cannot link share/x/file: another archive has it already",
  );
});
