/** Takes a built image apart again. */

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mountPoint } from "../../assets/archives/archive.ts";
import { ARCHIVES } from "../../assets/archives/archives.ts";
import { SLURM } from "../../assets/archives/slurm.ts";
import { TOOLS } from "../../assets/archives/tools.ts";
import { splitInitramfs } from "../../assets/build/packed-archive.ts";
import { run } from "../../assets/build/run.ts";
import { imageIn } from "../../assets/image/ensure.ts";

export interface ArchiveEntry {
  readonly path: string;
  readonly mode: number;
  readonly modified: number;
  readonly owner: number;
  readonly bytes: Uint8Array;
}

const HEADER_SIZE = 110;

/** Reads a newc archive up to its trailer. @throws RangeError where a header is none */
export function decodeCpio(archive: Uint8Array): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  for (let at = 0; ; ) {
    const header = Buffer.from(archive.subarray(at, at + HEADER_SIZE)).toString("latin1");
    if (!header.startsWith("070701"))
      throw new RangeError(`Cannot read the archive: no header at byte ${at}`);
    const field = (index: number) => Number.parseInt(header.slice(6 + index * 8, 14 + index * 8), 16);
    const nameEnd = at + HEADER_SIZE + field(11);
    const path = Buffer.from(archive.subarray(at + HEADER_SIZE, nameEnd - 1)).toString();
    if (path === "TRAILER!!!") return entries;
    const start = align(nameEnd);
    const bytes = archive.subarray(start, start + field(6));
    entries.push({ path, mode: field(1), modified: field(5), owner: field(2), bytes });
    at = align(start + field(6));
  }
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

/** What one build made, unpacked. */
export interface UnpackedImage {
  /** What the kernel unpacks. */
  readonly firstStage: readonly ArchiveEntry[];
  /** The packed system and archives. */
  readonly archives: readonly ArchiveEntry[];
  /** The folder that holds what becomes /usr. */
  readonly usr: string;
  readonly sbom: readonly string[];
}

/** Unpacks the image in `out` below a new folder of its own. */
export async function unpackImage(out: string): Promise<UnpackedImage> {
  const { packed: first, rest } = splitInitramfs(readFileSync(join(out, "initramfs.img")));
  const [firstStage, archives] = [decodeCpio(Bun.zstdDecompressSync(first)), decodeCpio(rest)];
  const folder = mkdtempSync(join(tmpdir(), "clump-image-"));
  const usr = join(folder, "usr");
  const unpack = (packed: string, target: string) =>
    run(`unpack ${packed}`, ["unsquashfs", "-no-progress", "-force", "-d", target, packed]);
  const behind = decodeCpio(readFileSync(imageIn(out).slurm));
  for (const [name, target] of [
    ["clump.squashfs", usr],
    ...[...ARCHIVES, SLURM].map(
      (archive) => [`${archive.name}.squashfs`, join(folder, mountPoint(archive))] as const,
    ),
  ] as const) {
    const packed = join(folder, name);
    writeFileSync(packed, [...archives, ...behind].find(({ path }) => path === name)?.bytes ?? "");
    await unpack(packed, target);
  }
  await unpack(imageIn(out).tools, join(folder, mountPoint(TOOLS)));
  const document = JSON.parse(readFileSync(join(out, "sbom.spdx.json"), "utf8")) as {
    readonly packages: readonly { readonly name: string }[];
  };
  return { firstStage, archives, usr, sbom: document.packages.map(({ name }) => name) };
}
