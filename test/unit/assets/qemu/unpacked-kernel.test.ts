import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { payloadOf, unpackKernel } from "../../../../assets/qemu/unpacked-kernel.ts";

const XZ = Buffer.from("\xfd7zXZ\0stream", "latin1");

/** A bzImage with one sector of set-up code behind the boot sector, and 8 bytes of code before the payload. */
function bzImage({ magic = "HdrS", version = 0x20f, payload = XZ } = {}): Buffer {
  const image = Buffer.alloc(2 * 512 + 8 + payload.length + 5, 0xee);
  image.writeUInt8(1, 0x1f1);
  image.write(magic, 0x202, "latin1");
  image.writeUInt16LE(version, 0x206);
  image.writeUInt32LE(8, 0x248);
  image.writeUInt32LE(payload.length, 0x24c);
  payload.copy(image, 2 * 512 + 8);
  return image;
}

test("payloadOf() is the xz stream, without what stands before and behind it", () => {
  expect(payloadOf(bzImage())).toEqual(XZ);
});

test.each([
  ["an ELF file", Buffer.from("\x7fELF")],
  ["a long file without the magic", bzImage({ magic: "nono" })],
  ["a header that is too old for a payload", bzImage({ version: 0x207 })],
  ["another compression", bzImage({ payload: Buffer.from("\x1f\x8b\x08gzip") })],
  ["a file that ends before its payload", bzImage().subarray(0, 1024)],
])("payloadOf() is nothing in %s", (_, image) => {
  expect(payloadOf(image)).toBeUndefined();
});

test("unpackKernel() makes one file for machines that start at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  try {
    const payload = Buffer.from(Bun.spawnSync(["xz", "-c"], { stdin: Buffer.from("\x7fELF") }).stdout);
    const packed = join(folder, "vmlinuz");
    writeFileSync(packed, bzImage({ payload }));
    const cache = join(folder, "cache");
    const [first, second] = await Promise.all([unpackKernel(packed, cache), unpackKernel(packed, cache)]);
    expect(first).toBe(second);
    expect(readFileSync(first, "latin1")).toBe("\x7fELF");
    expect(readdirSync(cache)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("unpackKernel() unpacks what zstd has packed, with its length behind it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  try {
    const packed = join(folder, "vmlinuz");
    const payload = Buffer.concat([Bun.zstdCompressSync("\x7fELF"), Buffer.from([4, 0, 0, 0])]);
    writeFileSync(packed, bzImage({ payload }));
    expect(readFileSync(await unpackKernel(packed, join(folder, "cache")), "latin1")).toBe("\x7fELF");
    writeFileSync(packed, bzImage({ payload: payload.subarray(0, 10) }));
    await expect(unpackKernel(packed, join(folder, "cache"))).rejects.toThrow(`Cannot unpack ${packed}: `);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("unpackKernel() names a damaged kernel, and leaves nothing in the cache", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  try {
    const packed = join(folder, "vmlinuz");
    writeFileSync(packed, bzImage());
    const cache = join(folder, "cache");
    await expect(unpackKernel(packed, cache)).rejects.toThrow(
      `Cannot unpack ${packed}: xz ended with 1 and said`,
    );
    expect(readdirSync(cache)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
