import { expect, test } from "bun:test";
import { mayRunOn, readProcessor } from "../../../probes/processor-level.ts";
import { makeRoot } from "../../fixtures/root.ts";

const V2 = "fpu sse2 pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm";
const V3 = `${V2} avx avx2 bmi1 bmi2 f16c fma abm movbe xsave xsaveopt xsavec xsaves`;
const V4 = `${V3} avx512f avx512bw avx512cd avx512dq avx512vl pku amx_tile`;

test.each([
  ["none", "fpu sse2", 0x0100],
  ["the second level", V2, 0x0200],
  ["the third level", V3, 0x031f],
  ["the third level but one flag", V3.replace("movbe ", ""), 0x021f],
  ["the fourth level", V4, 0x04ff],
])("a processor of %s is told in 16 bits", (_, flags, bits) => {
  using root = makeRoot({ "/proc/cpuinfo": `model name\t: A\nflags\t\t: ${flags}\n\nflags\t\t: fpu\n` });
  expect(readProcessor(root.path)).toBe(bits);
});

test("a processor without /proc/cpuinfo is not known", () => {
  using root = makeRoot({});
  expect(readProcessor(root.path)).toBe(0);
});

test.each([
  ["the same", 0x031f, 0x031f, true],
  ["a later one", 0x04ff, 0x031f, true],
  ["an earlier one", 0x0200, 0x031f, false],
  ["one of the same level that saves less", 0x030f, 0x031f, false],
  ["one with XSAVE, from which there is no way home", 0x021f, 0x0200, false],
  ["one that is not known", 0, 0x031f, true],
  ["any, where home is not known", 0x0100, 0, true],
])("a process may run on %s: %p", (_, there, home, answer) => {
  expect(mayRunOn(there, home)).toBe(answer);
});
