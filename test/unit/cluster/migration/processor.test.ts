import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findUnfit, readInstructions } from "../../../../cluster/migration/processor.ts";

const OLD = ["pni", "ssse3", "cx16", "sse4_1", "sse4_2", "popcnt", "lahf_lm"];
const NEW = [...OLD, "xsave", "avx", "avx2", "bmi1", "bmi2"];

test("readInstructions() takes the flags of the first processor that programs use", () => {
  const root = mkdtempSync(join(tmpdir(), "processor-"));
  mkdirSync(join(root, "proc"));
  const cpuinfo =
    "model name\t: A\nflags\t\t: fpu vme sse2 ht pni xsave avx2 hypervisor\nvmx flags\t: vnmi\n\nflags\t\t: sse\n";
  writeFileSync(join(root, "proc/cpuinfo"), cpuinfo);
  expect(readInstructions(root)).toEqual(["sse2", "pni", "xsave", "avx2"]);
  rmSync(root, { recursive: true });
  expect(readInstructions(root)).toEqual([]);
});

test.each([
  [NEW, NEW, undefined],
  [OLD, OLD, undefined],
  [NEW, [...NEW, "avx512f"], undefined],
  [NEW, OLD, "its processor lacks xsave, avx, avx2, bmi1"],
  [NEW, NEW.filter((flag) => flag !== "bmi2"), "its processor lacks bmi2"],
  [OLD, NEW, "its processor has xsave, and the one here has not: the process could not come home"],
])("findUnfit(%j, %j) is %p", (home, there, reason) => {
  expect(findUnfit(home, there)).toBe(reason);
});
