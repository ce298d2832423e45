import { expect, test } from "bun:test";
import { packArchive, splitInitramfs } from "../../../../assets/build/packed-archive.ts";

/** Bytes without a pattern, the same in each run. */
function noise(length: number): Buffer {
  const hash = (index: number) => new Bun.CryptoHasher("sha512").update(String(index)).digest();
  return Buffer.concat(Array.from({ length: Math.ceil(length / 64) }, (_, index) => hash(index)));
}

/** Sizes in the header are 1, 2 and 4 bytes long; what repeats and what does not is packed in blocks of its own kind. */
test.each([
  { name: "few bytes", bytes: Buffer.from("a\0\0\0\0\0\0\0\0") },
  { name: "some bytes", bytes: Buffer.from("clump ".repeat(100)) },
  { name: "bytes of several blocks", bytes: Buffer.from("clump ".repeat(1_500_000)) },
  { name: "zeros", bytes: Buffer.alloc(1_000_000) },
  { name: "noise", bytes: noise(300_000) },
])("packArchive() writes $name so that splitInitramfs() finds where they end", async ({ bytes }) => {
  const packed = await packArchive(bytes, 19);
  expect(packed.length % 4).toBe(0);
  const { packed: frame, rest } = splitInitramfs(Buffer.concat([packed, Buffer.from("070701 and more")]));
  expect(rest.toString()).toBe("070701 and more");
  expect(Buffer.from(Bun.zstdDecompressSync(frame)).equals(bytes)).toBe(true);
});

test("splitInitramfs() finds where a frame with a checksum and without its size ends", () => {
  // Of zstd(1), whose input came through a pipe: "clump".
  const frame = Buffer.from("28b52ffd0458290000636c756d7000968493", "hex");
  const { packed, rest } = splitInitramfs(
    Buffer.concat([frame, Buffer.alloc(-frame.length & 3), Buffer.from("070701")]),
  );
  expect(packed).toEqual(frame);
  expect(rest.toString()).toBe("070701");
});

test("splitInitramfs() finds nothing packed at the beginning of a plain archive", () => {
  const plain = Buffer.from("070701");
  expect(splitInitramfs(plain)).toEqual({ packed: Buffer.alloc(0), rest: plain });
});
