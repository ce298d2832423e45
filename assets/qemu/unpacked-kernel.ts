/**
 * The kernel as an ELF file, which QEMU starts by its PVH entry. A packed kernel unpacks itself in the machine, and an
 * emulated processor takes 7 s for that. Such a machine has no BIOS that sets a text screen up: its VGA screen stays black.
 */

import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "../build/project.ts";
import { unxz } from "../build/unxz.ts";

/** Offsets in the header of a bzImage; Documentation/arch/x86/boot.rst. */
const SETUP_SECTORS = 0x1f1;
const MAGIC = 0x202;
const VERSION = 0x206;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;

const HEADER_MAGIC = "HdrS";
/** The first version with a payload. */
const PAYLOAD_VERSION = 0x0208;
const SECTOR_BYTES = 512;

const XZ_MAGIC = Buffer.from("\xfd7zXZ\0", "latin1");
/** Debian packs its kernels with zstd since 13. RFC 8878, section 3.1.1. */
const ZSTD_MAGIC = Buffer.from("28b52ffd", "hex");
/** The kernel's build writes the unpacked length behind either. */
const LENGTH_BYTES = 4;

/**
 * The path of the unpacked kernel, in the cache. A file that is no bzImage, or a bzImage packed by another program than
 * xz or zstd, is its own answer. @throws Error where it is damaged
 */
export async function unpackKernel(path: string, cache = CACHE): Promise<string> {
  const image = readFileSync(path);
  const payload = payloadOf(image);
  if (payload === undefined) return path;
  const digest = new Bun.CryptoHasher("sha256").update(image).digest("hex").slice(0, 16);
  const unpacked = join(cache, `vmlinux-${digest}`);
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(cache, { recursive: true });
  // Several machines may start at once.
  const partial = `${unpacked}.${crypto.randomUUID()}`;
  await Bun.write(partial, await unpack(payload, path));
  renameSync(partial, unpacked);
  return unpacked;
}

async function unpack(payload: Buffer, path: string): Promise<Uint8Array> {
  if (startsWith(payload, XZ_MAGIC)) return await unxz(payload, path);
  // This takes no byte behind the stream.
  return await Bun.zstdDecompress(payload.subarray(0, -LENGTH_BYTES)).catch((error: Error) => {
    throw new Error(`Cannot unpack ${path}: ${error.message}`);
  });
}

/** The stream of xz or zstd in a bzImage, and the length behind it; undefined where there is none. */
export function payloadOf(image: Buffer): Buffer | undefined {
  if (image.length < PAYLOAD_LENGTH + 4) return;
  if (image.toString("latin1", MAGIC, MAGIC + HEADER_MAGIC.length) !== HEADER_MAGIC) return;
  if (image.readUInt16LE(VERSION) < PAYLOAD_VERSION) return;
  const start = (image.readUInt8(SETUP_SECTORS) + 1) * SECTOR_BYTES + image.readUInt32LE(PAYLOAD_OFFSET);
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH));
  return [XZ_MAGIC, ZSTD_MAGIC].some((magic) => startsWith(payload, magic)) ? payload : undefined;
}

function startsWith(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}
