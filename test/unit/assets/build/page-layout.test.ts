import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neededLibraries, sectionsOf } from "../../../../assets/build/elf.ts";
import { layOutPages, PAGE_BYTES, type Run } from "../../../../assets/build/page-layout.ts";
import { RUNTIME } from "../../../../assets/image/program.ts";
import { tinyElf } from "../image/tiny-elf.ts";

const BLOCK_BYTES = 65_536;
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

async function runLaidOut(bytes: Buffer, wrapper: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "clump-layout-"));
  try {
    const path = join(folder, "bun");
    writeFileSync(path, bytes, { mode: 0o755 });
    const script =
      "console.log(JSON.stringify([6 * 7, 'é'.toUpperCase(), Bun.zstdCompressSync('a').length > 0]))";
    const child = Bun.spawn([...wrapper, path, "-e", script], { stdout: "pipe", stderr: "pipe" });
    const [said, complained, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { said: said.trim(), complained: complained.trim(), code };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("layOutPages()", () => {
  const runs = [...runsIn(".rodata", 90), ...runsIn(".text", 90)];
  const laidOut = layOutPages(runtime, runs, BLOCK_BYTES);

  test("makes a program that runs as before, from pages that stand at another place of its file", async () => {
    expect(runs.length).toBeGreaterThan(200);
    const pages = runs.reduce((sum, { begin, end }) => sum + end - begin, 0);
    expect(laidOut.length - runtime.length).toBeGreaterThan((pages - 4) * PAGE_BYTES);
    expect((laidOut.length - runtime.length) % BLOCK_BYTES).toBe(0);
    expect(await runLaidOut(laidOut)).toEqual({ said: '[42,"É",true]', complained: "", code: 0 });
  });

  test("leaves no second copy of a page, and every section header right", () => {
    const page = runs[100]!.begin * PAGE_BYTES;
    const home = sectionsOf(runtime).find(({ address, size }) => address <= page && page < address + size)!;
    const original = runtime.subarray(page - home.address + home.offset).subarray(0, PAGE_BYTES);
    expect(laidOut.indexOf(original)).toBeLessThan(laidOut.length - runtime.length);
    expect(laidOut.lastIndexOf(original)).toBe(laidOut.indexOf(original));
    expect(neededLibraries(laidOut)).toEqual(neededLibraries(runtime));
  });

  test("gives the same bytes for the same program", () => {
    expect(layOutPages(runtime, runs, BLOCK_BYTES).equals(laidOut)).toBe(true);
  });

  test("makes a program that says without /proc what it lacks", async () => {
    const wrapper = [
      "unshare",
      "--user",
      "--map-root-user",
      "--mount",
      "sh",
      "-c",
      'mount -t tmpfs none /proc; exec "$@"',
      "sh",
    ];
    expect(await runLaidOut(laidOut, wrapper)).toEqual({
      said: "",
      complained: "Cannot start clump: /proc/self/exe cannot be mapped, and a /proc was wanted",
      code: 127,
    });
  });
});

test("layOutPages() refuses what is no program", () => {
  expect(() => layOutPages(Buffer.from("#!/bin/sh"), [], BLOCK_BYTES)).toThrow("Cannot read an ELF file");
  expect(() => layOutPages(Buffer.from(tinyElf([])), [], BLOCK_BYTES)).toThrow(
    "Cannot lay out the pages of a program: it has no fixed addresses, which were wanted",
  );
});
