/** Copies the archive of a medium into memory, whatever the medium may be. */

import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { writeAll } from "../../system/output.ts";
import { MEDIUM_FILES } from "./serve-files.ts";

const MEGABYTE = 2 ** 20;
/** Several times what a release has. */
const MOST_BYTES = { archive: 256 * MEGABYTE, sums: MEGABYTE };
/** The archive, and what is in it; most of that cannot be packed. */
const UNPACKED = 3;

/** What an archive is copied with. */
export interface Copying {
  readonly root: string;
  readonly to: string;
  /** Milliseconds of performance.now(). */
  readonly deadline: number;
}

/** Takes the archive off a medium. @throws Error where it is not there, or not what the medium says that it is */
export function copyArchive(medium: string, copying: Copying): void {
  if (!existsSync(join(medium, MEDIUM_FILES.archive))) throw new Error(`it has no ${MEDIUM_FILES.archive}`);
  const from = findFile(medium, "archive");
  wantMemory(copying.root, UNPACKED * statSync(from).size);
  const sums = readFileSync(findFile(medium, "sums"), "utf8");
  const wanted = sums.split("\n").find((line) => line.endsWith(`  ${basename(MEDIUM_FILES.archive)}`));
  if (wanted?.split(" ")[0] !== copyFile(from, copying))
    throw new Error(`${MEDIUM_FILES.archive} is damaged: its SHA-256 is not the one in ${MEDIUM_FILES.sums}`);
}

/** A file of a medium as it can be read to its end: a link that leads off the medium may be to anything. @throws Error */
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

/** @throws Error where fewer bytes are free: the kernel would end processes to find it */
export function wantMemory(root: string, bytes: number): void {
  const [, kilobytes] = /^MemAvailable: +(\d+) kB$/m.exec(readOptional(`${root}/proc/meminfo`) ?? "") ?? [];
  if (kilobytes === undefined || !(bytes > 1_024 * Number(kilobytes))) return;
  const free = toMegabytes(1_024 * Number(kilobytes));
  throw new Error(`${free} MB of memory are free, and ${toMegabytes(bytes)} were wanted`);
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}

/** Gives the SHA-256 of what was copied, in hexadecimal. @throws Error at the deadline */
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
