/** Packs an archive that the kernel unpacks before it runs /init (Documentation/driver-api/early-userspace/buffer-format.rst). */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { run } from "./run.ts";

/** Alignment of what follows in an initramfs, and bytes of a number in the format. */
const WORD = 4;

/** Of the format that lz4(1) calls legacy: before the blocks, each behind its size; a size of 0 is the end. */
const MAGIC = 0x184c2102;

/**
 * Writes `bytes` to the file `output`, packed in the only format of lz4 that the kernel reads, with zeros behind: the kernel
 * takes four of them for the end (lib/decompress_unlz4.c), and skips others. @throws Error
 */
export async function packLz4(bytes: Uint8Array, output: string): Promise<void> {
  const plain = `${output}.plain`;
  writeFileSync(plain, bytes);
  await run("pack by lz4", ["lz4", "-q", "-f", "-l", "-12", plain, output]);
  rmSync(plain);
  const packed = readFileSync(output);
  writeFileSync(output, Buffer.concat([packed, Buffer.alloc(WORD + (-packed.length & (WORD - 1)))]));
}

/** What `packLz4()` wrote at the beginning of an initramfs, without the zeros, and what follows; all where nothing is packed. */
export function splitLz4(initramfs: Buffer): { readonly packed: Buffer; readonly rest: Buffer } {
  if (initramfs.readUInt32LE() !== MAGIC) return { packed: Buffer.alloc(0), rest: initramfs };
  let end = WORD;
  for (let size = initramfs.readUInt32LE(end); size > 0; size = initramfs.readUInt32LE(end))
    end += WORD + size;
  const next = Math.ceil((end + WORD) / WORD) * WORD;
  return { packed: initramfs.subarray(0, end), rest: initramfs.subarray(next) };
}
