/** Receives the archive from a source that is not trusted: only the archive of the build that runs is taken. */

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { readOptional } from "../../system/files.ts";
import { writeAll } from "../../system/output.ts";
import { TOOLS_FILES } from "../serve/tools-files.ts";

const PIECE_BYTES = 2 ** 20;

/** What the image knows of its tools. */
export interface Sum {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** @throws Error where the image names no tools */
export function readSum(root: string): Sum {
  const [, sha256, bytes] = /^([0-9a-f]{64}) (\d+)\n$/.exec(readOptional(root + TOOLS_FILES.sum) ?? "") ?? [];
  if (sha256 !== undefined) return { sha256, bytes: Number(bytes) };
  throw new Error(`this image was built without tools, and ${TOOLS_FILES.sum} was wanted`);
}

/**
 * Writes the pieces to the file `to`, up to the wanted size.
 * @throws Error where they are another file, or the deadline (milliseconds of performance.now()) passes
 */
export async function receive(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { to, sum, deadline }: { readonly to: string; readonly sum: Sum; readonly deadline: number },
): Promise<void> {
  const hash = createHash("sha256");
  let rest = sum.bytes;
  const target = openSync(to, "w", 0o600);
  try {
    for await (const piece of pieces) {
      if (performance.now() > deadline) throw new Error("it is too slow to be read in time");
      rest -= piece.length;
      if (rest < 0) break;
      hash.update(piece);
      writeAll(target, piece);
    }
  } finally {
    closeSync(target);
  }
  if (rest === 0 && hash.digest("hex") === sum.sha256) return;
  throw new Error("its tools.img is damaged or of another release: its SHA-256 is not the one in this image");
}

/** The first bytes of a file or a disk; one byte more than is wanted shows a file that is too large. @throws the error of the file system */
export function* readPieces(path: string, bytes: number): Generator<Uint8Array> {
  const source = openSync(path, "r");
  try {
    for (let rest = bytes; rest > 0; ) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, rest));
      const length = readSync(source, piece);
      if (length === 0) return;
      rest -= length;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(source);
  }
}
