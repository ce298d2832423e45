import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { neededLibraries, sectionsOf } from "../../../../assets/build/elf.ts";
import {
  type LaidOut,
  layOutPages,
  OWN_MODULES,
  PAGE_BYTES,
  pagesOf,
  type Run,
} from "../../../../assets/build/page-layout.ts";
import { compileProgram, RUNTIME } from "../../../../assets/image/program.ts";
import { tinyElf } from "../image/tiny-elf.ts";

const runtime = readFileSync(RUNTIME);

/** Every n-th page of a section, and its neighbours: runs of all lengths, and the ends of the section. */
function runsIn(name: string, step: number): Run[] {
  const { address, size } = sectionsOf(runtime).find((section) => section.name === name)!;
  const [first, last] = [Math.floor(address / PAGE_BYTES), Math.ceil((address + size) / PAGE_BYTES)];
  const count = Math.ceil((last - first) / step);
  return Array.from({ length: count }, (_, index) => {
    const begin = first + index * step;
    return { begin, end: begin + 1 + (index % 3) };
  });
}

/** Below /tmp, for the path is part of the program and has to be short. */
const folder = mkdtempSync("/tmp/clump-layout-");
const PAGES = join(folder, "pages");

/** A busy machine compiles slowly. */
const COMPILE_MILLISECONDS = 60_000;

afterAll(() => rmSync(folder, { recursive: true }));

async function runLaidOut({ program, pages }: LaidOut) {
  const path = join(folder, "bun");
  writeFileSync(path, program, { mode: 0o755 });
  writeFileSync(PAGES, pages);
  const script =
    "console.log(JSON.stringify([6 * 7, 'é'.toUpperCase(), Bun.zstdCompressSync('a').length > 0]))";
  const child = Bun.spawn([path, "-e", script], { stdout: "pipe", stderr: "pipe" });
  const [said, complained, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { said: said.trim(), complained: complained.trim(), code };
}

describe("layOutPages()", () => {
  const runs = [...runsIn(".rodata", 90), ...runsIn(".text", 90)];
  const laidOut = layOutPages(runtime, runs, PAGES);
  const { program, pages } = laidOut;

  test("makes a program that runs as before, with pages that stand in another file", async () => {
    expect(runs.length).toBeGreaterThan(200);
    const wanted = runs.reduce((sum, { begin, end }) => sum + end - begin, 0);
    expect(pages.length).toBeGreaterThan((wanted - 4) * PAGE_BYTES);
    expect(program.length - runtime.length).toBeLessThan(10 * PAGE_BYTES);
    expect(await runLaidOut(laidOut)).toEqual({ said: '[42,"É",true]', complained: "", code: 0 });
  });

  test("leaves no second copy of a page, and every section header right", () => {
    const page = runs[100]!.begin * PAGE_BYTES;
    const home = sectionsOf(runtime).find(({ address, size }) => address <= page && page < address + size)!;
    const original = runtime.subarray(page - home.address + home.offset).subarray(0, PAGE_BYTES);
    expect(program.indexOf(original)).toBe(-1);
    expect(pages.lastIndexOf(original)).toBe(pages.indexOf(original));
    expect(pages.indexOf(original)).toBeGreaterThan(0);
    expect(neededLibraries(program)).toEqual(neededLibraries(runtime));
  });

  test("gives the same bytes for the same program", () => {
    const again = layOutPages(runtime, runs, PAGES);
    expect([again.program.equals(program), again.pages.equals(pages)]).toEqual([true, true]);
  });

  test.each([
    { name: "that is missing", found: join(folder, "none") },
    { name: "that is a folder", found: folder },
  ])("makes a program that says that it lacks its pages, for a file $name", async ({ found }) => {
    expect(await runLaidOut(layOutPages(runtime, runs, found))).toEqual({
      said: "",
      complained: `Cannot start clump: ${found} cannot be mapped, and the pages of a start were wanted`,
      code: 127,
    });
  });
});

test(
  "a compiled program runs with its own modules in another file, and does not write to that file",
  async () => {
    const compiled = join(folder, "compiled", "program");
    writeFileSync(
      join(folder, "main.ts"),
      "const { greet } = await import('./greet.ts');\nconsole.log(greet('node'));\n",
    );
    writeFileSync(
      join(folder, "greet.ts"),
      // The last page, which may be its neighbour's too, does not move.
      `export const greet = (name: string) => "hello from a module${" ".repeat(9 * PAGE_BYTES)}".trim() + ", " + name;\n`,
    );
    await compileProgram(compiled, folder, "main.ts");
    const bytes = readFileSync(compiled);
    const modules = pagesOf(bytes, OWN_MODULES);
    expect(modules.length).toBe(1);
    const laidOut = layOutPages(bytes, modules, PAGES);
    expect(bytes.includes("hello from a module")).toBe(true);
    expect([
      laidOut.program.includes("hello from a module"),
      laidOut.pages.includes("hello from a module"),
    ]).toEqual([false, true]);
    expect(await runLaidOut(laidOut)).toEqual({ said: "hello from a module, node", complained: "", code: 0 });
    expect(readFileSync(PAGES).equals(laidOut.pages)).toBe(true);
  },
  COMPILE_MILLISECONDS,
);

test("layOutPages() refuses what is no program", () => {
  expect(() => layOutPages(Buffer.from("#!/bin/sh"), [], PAGES)).toThrow("Cannot read an ELF file");
  expect(() => layOutPages(Buffer.from(tinyElf([])), [], PAGES)).toThrow(
    "Cannot lay out the pages of a program: it has no fixed addresses, which were wanted",
  );
});
