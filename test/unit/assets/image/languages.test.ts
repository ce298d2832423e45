import { expect, test } from "bun:test";
import { removeLanguages } from "../../../../assets/image/languages.ts";

const HEADER_BYTES = 32;
/** Somewhere in an executable. */
const BEFORE = Buffer.from("text CmnD text, and what is no header is none ");

test("removeLanguages() keeps root, English and what is of no language, each where it was", () => {
  const names = [
    ...["brkitr/khmerdict.dict", "brkitr/root.res", "coll/de_.res", "coll/res_index.res", "coll/root.res"],
    ...["de.res", "de_AT.res", "en.res", "en_AU.res", "en_US.res", "en_US_POSIX.res", "fil.res", "pool.res"],
    ...["root.res", "sr_Latn_RS.res", "uts46.nrm", "zoneinfo64.res", "zu.res"],
  ];
  const executable = makeExecutable(names);
  const size = executable.length;
  expect(removeLanguages(executable)).toBe(7 * 16);
  expect(executable.length).toBe(size);
  const gone = ["khmerdict", "de_", "de", "de_AT", "en_AU", "fil", "sr_Latn_RS", "zu"];
  const kept = names.filter((name) => !gone.includes(name.replace(/^\w+\//, "").replace(/\.\w+$/, "")));
  expect(listEntries(executable)).toEqual(kept.map((name) => [`icudt78l/${name}`, dataOf(name)]));
  expect(executable.includes(dataOf("de_AT.res"))).toBe(false);
  // It is the last: nothing says where it ends.
  expect(executable.includes(dataOf("zu.res"))).toBe(true);
});

test("removeLanguages() refuses an executable without them", () => {
  expect(() => removeLanguages(Buffer.from(BEFORE))).toThrow(
    "Cannot take languages out of the runtime: it has no data of ICU, which was wanted",
  );
});

test.each([
  ["a table beyond its end", (at: number) => [at, 1_000_000], "its table has 1000000 entries"],
  ["a name that is none", (at: number) => [at + 4, 1_000_000], "entry 0 has no name"],
  ["data before that of the entry before", (at: number) => [at + 16, 150], "icudt78l/root.res is not behind"],
  ["data beyond its end", (at: number) => [at + 16, 1_000_000], "icudt78l/root.res is not behind"],
] as const)("removeLanguages() leaves an executable alone that has %s", (_, change, why) => {
  const executable = makeExecutable(["de.res", "root.res"]);
  const [at = 0, value = 0] = change(BEFORE.length + HEADER_BYTES);
  executable.writeUInt32LE(value, at);
  const before = Buffer.from(executable);
  expect(() => removeLanguages(executable)).toThrow(`Cannot take languages out of the runtime: ${why}`);
  expect(executable.equals(before)).toBe(true);
});

function dataOf(name: string): string {
  return `data ${name}`.slice(0, 16).padEnd(16, ".");
}

function makeExecutable(names: readonly string[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16LE(HEADER_BYTES, 0);
  header.set([0xda, 0x27], 2);
  header.write("CmnD", 12);
  const texts = names.map((name) => `icudt78l/${name}\0`);
  const table = Buffer.alloc(4 + 8 * names.length);
  table.writeUInt32LE(names.length, 0);
  let nameAt = table.length;
  const dataFrom = table.length + texts.join("").length;
  for (const [index, text] of texts.entries()) {
    table.writeUInt32LE(nameAt, 4 + 8 * index);
    table.writeUInt32LE(dataFrom + 16 * index, 8 + 8 * index);
    nameAt += text.length;
  }
  return Buffer.concat([BEFORE, header, table, Buffer.from(texts.join("") + names.map(dataOf).join(""))]);
}

function listEntries(executable: Buffer): (readonly [string, string])[] {
  const base = BEFORE.length + HEADER_BYTES;
  return Array.from({ length: executable.readUInt32LE(base) }, (_, index) => {
    const [nameAt = 0, dataAt = 0] = [4, 8].map(
      (at) => base + executable.readUInt32LE(base + at + 8 * index),
    );
    return [
      executable.toString("latin1", nameAt, executable.indexOf(0, nameAt)),
      executable.toString("latin1", dataAt, dataAt + 16),
    ] as const;
  });
}
