/** Packs an archive that the kernel unpacks before it runs /init (Documentation/driver-api/early-userspace/buffer-format.rst). */

/** Alignment of what follows in an initramfs. */
const WORD = 4;

/** RFC 8878, section 3.1.1. */
const MAGIC = 0xfd2fb528;
const HEADER = { descriptor: 4, window: 5 };
/** Bytes of a field of the header, by the bits of its descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];
const BLOCK_HEADER_BYTES = 3;
const ONE_REPEATED_BYTE = 1;
const CHECKSUM_BYTES = 4;

/** Packs `bytes` by zstd at `level`, with zeros behind up to a whole word: the kernel skips them. */
export async function packArchive(bytes: Uint8Array, level: number): Promise<Buffer> {
  const packed = await Bun.zstdCompress(bytes, { level });
  return Buffer.concat([packed, Buffer.alloc(-packed.length & (WORD - 1))]);
}

/** What `packArchive()` put at the beginning of an initramfs, and what follows; all follows where nothing is packed. */
export function splitInitramfs(initramfs: Buffer): { readonly packed: Buffer; readonly rest: Buffer } {
  if (initramfs.readUInt32LE() !== MAGIC) return { packed: Buffer.alloc(0), rest: initramfs };
  const end = findEnd(initramfs);
  return { packed: initramfs.subarray(0, end), rest: initramfs.subarray(Math.ceil(end / WORD) * WORD) };
}

function findEnd(frame: Buffer): number {
  const descriptor = frame.readUInt8(HEADER.descriptor);
  const isSingle = (descriptor >> 5) & 1;
  const sizeBytes = SIZE_BYTES[descriptor >> 6]! || isSingle;
  let at = HEADER.window + (1 - isSingle) + DICTIONARY_BYTES[descriptor & 3]! + sizeBytes;
  for (let isLast = false; !isLast; ) {
    const block = frame.readUIntLE(at, BLOCK_HEADER_BYTES);
    isLast = (block & 1) === 1;
    at += BLOCK_HEADER_BYTES + (((block >> 1) & 3) === ONE_REPEATED_BYTE ? 1 : block >> 3);
  }
  return at + ((descriptor >> 2) & 1) * CHECKSUM_BYTES;
}
