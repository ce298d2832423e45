/** Packs a folder as squashfs. */

import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.ts";

/** Smaller blocks cost every node memory, larger ones unpack more than a program needs to start: see docs/architecture.md. */
export const BLOCK_BYTES = 262_144;

/** What is packed tight: the kernel has buffers of a block for each processor while such a squashfs is mounted. */
const TIGHT_BLOCK_BYTES = 1_048_576;

export interface SquashfsOptions {
  /** Level of zstd: 19 for a release, 3 for a quick build. */
  readonly level: number;
  /** Time of every file, in seconds since 1970. */
  readonly modified: number;
  /** Names of files that lie in it as they are, not packed. */
  readonly plain?: readonly string[];
  /** Packs by xz in large blocks, in place of zstd. */
  readonly tight?: boolean;
  /** Hears the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** Packs `folder` into the file `output`: all owned by root, the same bytes for the same files. @throws Error */
export async function packSquashfs(folder: string, output: string, options: SquashfsOptions): Promise<void> {
  const partial = `${output}.partial`;
  rmSync(partial, { force: true });
  mkdirSync(dirname(output), { recursive: true });
  const times = ["-mkfs-time", String(options.modified), "-all-time", String(options.modified)];
  const total = bytesBelow(folder);
  let packed = 0;
  const onLine = (line: string) => {
    packed += Number(/^file .*, uncompressed size (\d+) bytes/.exec(line)?.[1] ?? 0);
    options.onProgress?.(packed / total);
  };
  await run(
    "pack the image",
    [
      ...["mksquashfs", folder, partial, "-noappend", "-all-root", "-no-xattrs", "-no-exports", ...times],
      ...(options.tight
        ? ["-comp", "xz", "-b", String(TIGHT_BLOCK_BYTES)]
        : ["-comp", "zstd", "-Xcompression-level", String(options.level), "-b", String(BLOCK_BYTES)]),
      ...["-info", "-no-progress"],
      // A block of many small files would be packed.
      ...(options.plain ?? []).flatMap((name) =>
        ["uncompressed", "no-fragments"].flatMap((action) => ["-action", `${action}@name(${name})`]),
      ),
    ],
    // mksquashfs takes SOURCE_DATE_EPOCH for a contradiction to the times above.
    { env: { SOURCE_DATE_EPOCH: undefined }, onLine },
  );
  renameSync(partial, output);
}

/** Bytes of all files below a folder; 0 where there is none. */
export function bytesBelow(folder: string): number {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
