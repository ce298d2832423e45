/** Copies what a boot server needs from a medium into memory; the medium is not trusted. */

import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Copying, copyPieces, readPieces } from "../disks/copy.ts";
import { toMegabytes, wantMemory } from "../disks/free-memory.ts";
import { BYTES_BEHIND } from "../rare-drivers/rare-drivers-files.ts";
import { readSum } from "../rare-drivers/sum.ts";
import { MEDIUM_FILES } from "./serve-files.ts";

const MEGABYTE = 2 ** 20;
/** Several times the sizes in a release. */
const MOST_BYTES = { archive: 256 * MEGABYTE, sums: MEGABYTE, initramfs: 256 * MEGABYTE };
/** Memory for the archive and its contents, in sizes of the archive: most of it is compressed already. */
const UNPACKED = 3;

export interface ArchiveCopying extends Pick<Copying, "to" | "deadline"> {
  readonly root: string;
}

/** Copies the archive and checks its SHA-256. @throws Error where the archive is absent, damaged or too large */
export async function copyArchive(medium: string, { root, to, deadline }: ArchiveCopying): Promise<void> {
  if (!existsSync(join(medium, MEDIUM_FILES.archive))) throw new Error(`it has no ${MEDIUM_FILES.archive}`);
  const from = findFile(medium, "archive");
  wantMemory(root, UNPACKED * statSync(from).size);
  const sums = readFileSync(findFile(medium, "sums"), "utf8");
  const wanted = sums.split("\n").find((line) => line.endsWith(`  ${basename(MEDIUM_FILES.archive)}`));
  const { sha256 } = await copyPieces(readPieces(from), { to, deadline });
  if (wanted?.split(" ")[0] !== sha256)
    throw new Error(`${MEDIUM_FILES.archive} is damaged: its SHA-256 is not the one in ${MEDIUM_FILES.sums}`);
}

/** Copies the packed rare drivers, which are the end of the initramfs. @throws Error where they are not those of this image */
export async function copyRareDrivers(medium: string, { root, to, deadline }: ArchiveCopying): Promise<void> {
  const sum = readSum(root);
  wantMemory(root, sum.bytes);
  const from = findFile(medium, "initramfs");
  const begin = Math.max(0, statSync(from).size - BYTES_BEHIND - sum.bytes);
  const { sha256 } = await copyPieces(readPieces(from, sum.bytes, begin), { to, deadline });
  if (sha256 !== sum.sha256)
    throw new Error(`${MEDIUM_FILES.initramfs} is of another build than the system that runs`);
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
