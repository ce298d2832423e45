import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packLz4, splitLz4 } from "../../../../assets/build/lz4.ts";

/** The first ends with zeros, which the packed bytes then do too; the second has more than a block of the kernel. */
test.each([
  { name: "few bytes", bytes: Buffer.from("a\0\0\0\0\0\0\0\0") },
  { name: "bytes of two blocks", bytes: Buffer.from("clump ".repeat(1_500_000)) },
])("packLz4() writes $name so that splitLz4() finds where they end", async ({ bytes }) => {
  const folder = mkdtempSync(join(tmpdir(), "clump-lz4-"));
  try {
    const path = join(folder, "packed");
    await packLz4(bytes, path);
    const packed = readFileSync(path);
    expect(packed.length % 4).toBe(0);
    expect(packed.subarray(-4)).toEqual(Buffer.alloc(4));
    const { packed: blocks, rest } = splitLz4(Buffer.concat([packed, Buffer.from("070701 and more")]));
    expect(rest.toString()).toBe("070701 and more");
    const lz4 = Bun.spawn(["lz4", "-dc"], { stdin: blocks });
    expect(Buffer.from(await lz4.stdout.bytes()).equals(bytes)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("splitLz4() finds nothing packed at the beginning of a plain archive", () => {
  const plain = Buffer.from("070701");
  expect(splitLz4(plain)).toEqual({ packed: Buffer.alloc(0), rest: plain });
});
