/**
 * `bun test/bench/learn-pages.ts`: boots a node once, and writes which pages of the runtime it has read until clumpview
 * runs into assets/image/hot-pages.txt. The image of that node has blocks of one page, and nothing reads ahead.
 */

import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sectionsOf } from "../../assets/build/elf.ts";
import { withCacheLock } from "../../assets/build/lock.ts";
import { MOVABLE, OWN_MODULES, PAGE_BYTES, type Run } from "../../assets/build/page-layout.ts";
import { ROOT } from "../../assets/build/project.ts";
import { run } from "../../assets/build/run.ts";
import { STATIC_COMPILER } from "../../assets/build/static-program.ts";
import { ensureImage } from "../../assets/image/ensure.ts";
import { formatHotPages, HOT_PAGES_FILE } from "../../assets/image/hot-pages.ts";
import { PROGRAM } from "../../assets/image/manifest.ts";
import { preparePackages } from "../../assets/image/prepare.ts";
import { compileProgram, RUNTIME } from "../../assets/image/program.ts";
import { silentProgress } from "../../assets/image/progress.ts";
import { treeStage } from "../../assets/image/stages.ts";
import { pressKeys, typeText } from "../../assets/qemu/keyboard.ts";
import { BOOT, bootNode, SOON } from "../lib/node.ts";
import { appendArchive, firstStage, type PatchedInitrd } from "../lib/patched-initrd.ts";

const WORK = "dist/learn";
const READER = "usr/bin/read-pages";
/** After clumpview's first screen: clumpd has found that it is alone, and clumpview has drawn some more. */
const SETTLED_MILLISECONDS = 15_000;

await ensureImage();
rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
const program = join(ROOT, WORK, "program", "clump");
await compileProgram(program);
using initrd = await packImage();
const cached = await readPageCache(initrd.path);
const runs = addressesOf(cached, readFileSync(program));
writeFileSync(HOT_PAGES_FILE, formatHotPages(readFileSync(RUNTIME), runs));
console.log(`${runs.length} runs of pages are in ${HOT_PAGES_FILE}`);

/** The image with another system in an archive behind it, which the kernel unpacks over the first. */
async function packImage(): Promise<PatchedInitrd> {
  const tree = join(WORK, "tree");
  await withCacheLock("build", async () => {
    const { resolution, cache } = await preparePackages({ out: WORK, progress: silentProgress });
    const { folder } = await treeStage(resolution, cache, { anew: false });
    cpSync(join(folder, "usr"), join(tree, "usr"), { recursive: true, verbatimSymlinks: true });
  });
  copyFileSync(program, join(tree, PROGRAM));
  const [compiler = "", ...options] = STATIC_COMPILER;
  const source = join(import.meta.dir, "read-pages.c");
  await run("compile the reader", [compiler, ...options, source, "-o", join(tree, READER)]);
  const system = join(WORK, "clump.squashfs");
  const packing = [
    "-noappend",
    "-all-root",
    "-no-xattrs",
    "-b",
    "4K",
    "-noI",
    "-noD",
    "-noF",
    "-no-progress",
  ];
  await run("pack the system", ["mksquashfs", join(tree, "usr"), system, ...packing]);
  return appendArchive([
    { path: "clump.squashfs", type: "file", mode: 0o644, bytes: readFileSync(system) },
    firstStage("--setra 32", "--setra 0"),
  ]);
}

/** Runs of pages of the program's file. */
async function readPageCache(initrd: string): Promise<Run[]> {
  await using vm = await bootNode({
    name: "learn-pages",
    initrd,
    memoryMegabytes: 1_024,
    // With `debug` the consoles show what comes into the kernel's log.
    append: "novnc debug",
  });
  await vm.console.expect("shut this node down", BOOT);
  await Bun.sleep(SETTLED_MILLISECONDS);
  await pressKeys(vm.qmp, ["alt", "f2"]);
  await Bun.sleep(SETTLED_MILLISECONDS);
  await typeText(vm.qmp, `\n${READER.replace("usr", "")} /${PROGRAM} >/dev/kmsg\n`);
  await vm.console.expect("page-cache: end", SOON);
  const found = vm.console.text.matchAll(/page-cache: ([0-9a-f]+)-([0-9a-f]+)/g);
  return [...found].map(([, begin = "", end = ""]) => ({
    begin: Number.parseInt(begin, 16),
    end: Number.parseInt(end, 16),
  }));
}

/** The pages in memory that those of the file are: a page of the file may be part of two sections. */
function addressesOf(pages: readonly Run[], bytes: Buffer): Run[] {
  // All pages of our own modules move: the next change of a module would make another list.
  const ofRuntime = MOVABLE.filter((name) => name !== OWN_MODULES);
  const sections = sectionsOf(bytes).filter(({ name }) => ofRuntime.includes(name));
  const found = pages.flatMap(({ begin, end }) =>
    sections.flatMap(({ address, offset, size }) => {
      const shift = (address - offset) / PAGE_BYTES;
      const first = Math.max(begin, Math.floor(offset / PAGE_BYTES));
      const last = Math.min(end, Math.ceil((offset + size) / PAGE_BYTES));
      return first < last ? [{ begin: first + shift, end: last + shift }] : [];
    }),
  );
  return found.toSorted((a, b) => a.begin - b.begin);
}
