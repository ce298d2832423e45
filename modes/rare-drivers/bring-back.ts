import { renameSync, rmSync } from "node:fs";
import { copyPieces } from "../disks/copy.ts";
import { wantMemory } from "../disks/free-memory.ts";
import { type PackedCopy, readPackedCopy } from "./packed-copy.ts";
import { RARE_DRIVERS_FILES } from "./rare-drivers-files.ts";
import { readSum } from "./sum.ts";

/** For the driver itself. */
const SPARE_BYTES = 2 ** 24;

/** Copies the archive from the server into memory again. @throws Error with the reason */
export async function bringBack(root: string, copy: PackedCopy): Promise<void> {
  const sum = readSum(root);
  wantMemory(root, sum.bytes + SPARE_BYTES);
  const file = root + RARE_DRIVERS_FILES.memory;
  const partial = `${file}.partial`;
  const deadline = performance.now() + copy.limitMilliseconds;
  try {
    const { sha256 } = await copyPieces(readPackedCopy(copy), { to: partial, deadline });
    if (sha256 !== sum.sha256)
      throw new Error(
        `${copy.url} is damaged or of another release: its SHA-256 is not the one in this image`,
      );
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
