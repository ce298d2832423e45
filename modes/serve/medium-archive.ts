/** Copies serve.img from a medium into memory; the medium is not trusted. */

import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAll } from "../../system/output.ts";
import { toMegabytes, wantMemory } from "../disks/free-memory.ts";
import { MEDIUM_FILES } from "./serve-files.ts";

const MEGABYTE = 2 ** 20;
/** Several times the sizes in a release. */
const MOST_BYTES = { archive: 256 * MEGABYTE, sums: MEGABYTE };
/** Memory for the archive and its contents, in sizes of the archive: most of it is compressed already. */
const UNPACKED = 3;

/** The destination and the limits of a copy. */
export interface Copying {
  readonly root: string;
  readonly to: string;
  /** In milliseconds of performance.now(). */
  readonly deadline: number;
}

/** Copies the archive and checks its SHA-256. @throws Error where the archive is absent, damaged or too large */
export function copyArchive(medium: string, copying: Copying): void {
  if (!existsSync(join(medium, MEDIUM_FILES.archive))) throw new Error(`it has no ${MEDIUM_FILES.archive}`);
  const from = findFile(medium, "archive");
  wantMemory(copying.root, UNPACKED * statSync(from).size);
  const sums = readFileSync(findFile(medium, "sums"), "utf8");
  const wanted = sums.split("\n").find((line) => line.endsWith(`  ${basename(MEDIUM_FILES.archive)}`));
  if (wanted?.split(" ")[0] !== copyFile(from, copying))
    throw new Error(`${MEDIUM_FILES.archive} is damaged: its SHA-256 is not the one in ${MEDIUM_FILES.sums}`);
}

/**
 * The real path of a file on the medium, of a limited size. A symbolic link may not lead off the medium.
 * @throws Error
 */
function findFile(medium: string, name: keyof typeof MEDIUM_FILES): string {
  const path = realpathSync(join(medium, MEDIUM_FILES[name]));
  const stat = statSync(path);
  if (!path.startsWith(`${realpathSync(medium)}/`) || !stat.isFile())
    throw new Error(`${MEDIUM_FILES[name]} leads elsewhere, and a file was wanted`);
  if (stat.size > MOST_BYTES[name])
    throw new Error(
      `${MEDIUM_FILES[name]} has ${toMegabytes(stat.size)} MB, and ${toMegabytes(MOST_BYTES[name])} at most were wanted`,
    );
  return path;
}

/** Returns the SHA-256 of the copy, in hexadecimal. @throws Error at the deadline */
function copyFile(from: string, { to, deadline }: Copying): string {
  const hash = createHash("sha256");
  const piece = new Uint8Array(MEGABYTE);
  const source = openSync(from, "r");
  const target = openSync(to, "w", 0o600);
  try {
    for (let bytes = readSync(source, piece); bytes > 0; bytes = readSync(source, piece)) {
      if (performance.now() > deadline) throw new Error("it is too slow to be read in time");
      const read = piece.subarray(0, bytes);
      hash.update(read);
      writeAll(target, read);
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
  return hash.digest("hex");
}
