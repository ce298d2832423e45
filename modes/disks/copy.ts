/** Copies what a node takes from a medium or a server, and tells by its digest which file that was. */

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { writeAll } from "../../system/output.ts";

const PIECE_BYTES = 2 ** 20;

export interface Copying {
  readonly to: string;
  /** In milliseconds of performance.now(). */
  readonly deadline: number;
  /** Bytes behind which nothing is written; default no limit. */
  readonly most?: number;
}

export interface Copied {
  /** Of all pieces within the limit, in hexadecimal. */
  readonly sha256: string;
  readonly isTooLarge: boolean;
}

/** Writes the pieces to a file. @throws Error at the deadline, or of the file system */
export async function copyPieces(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { to, deadline, most = Number.POSITIVE_INFINITY }: Copying,
): Promise<Copied> {
  const hash = createHash("sha256");
  let bytes = 0;
  const target = openSync(to, "w", 0o600);
  try {
    for await (const piece of pieces) {
      if (performance.now() > deadline) throw new Error("it is too slow to be read in time");
      bytes += piece.length;
      if (bytes > most) break;
      hash.update(piece);
      writeAll(target, piece);
    }
  } finally {
    closeSync(target);
  }
  return { sha256: hash.digest("hex"), isTooLarge: bytes > most };
}

/**
 * The bytes of a file or a disk from `begin` on, default all; each piece is valid until the next.
 * @throws the error of the file system
 */
export function* readPieces(
  path: string,
  bytes = Number.POSITIVE_INFINITY,
  begin = 0,
): Generator<Uint8Array> {
  const piece = new Uint8Array(PIECE_BYTES);
  const source = openSync(path, "r");
  try {
    let at = begin;
    for (let rest = bytes; rest > 0; ) {
      const length = readSync(source, piece, 0, Math.min(PIECE_BYTES, rest), at);
      if (length === 0) return;
      rest -= length;
      at += length;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(source);
  }
}
