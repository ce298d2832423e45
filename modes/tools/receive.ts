/** Receives the archive from a source that is not trusted: only the archive of the build that runs is taken. */

import { readOptional } from "../../system/files.ts";
import { copyPieces } from "../disks/copy.ts";
import { TOOLS_FILES } from "../serve/tools-files.ts";

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
  const { sha256, isTooLarge } = await copyPieces(pieces, { to, deadline, most: sum.bytes });
  if (!isTooLarge && sha256 === sum.sha256) return;
  throw new Error("its tools.img is damaged or of another release: its SHA-256 is not the one in this image");
}
