/** The FAT file system that a UEFI firmware boots from. */

import { statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { run } from "../build/run.ts";

export interface EfiFile {
  /** As "EFI/BOOT/BOOTX64.EFI". */
  readonly path: string;
  /** The file on this machine. */
  readonly from: string;
}

/** FAT counts time from 1980; local time, so the zone is set too. */
const FAT_EPOCH_SECONDS = 315_532_800;

/** Room for folders, tables and the last cluster of each file. */
const SPARE_BYTES = 512 * 1024;

/** Writes an image of the files at `path`; equal files give equal bytes. @throws Error */
export async function writeEfiPartition(
  path: string,
  files: readonly EfiFile[],
  serial: string,
): Promise<void> {
  const bytes = files.reduce((sum, { from }) => sum + statSync(from).size, SPARE_BYTES);
  // A cylinder of 64 heads with 32 sectors of 512 bytes is 1 MiB.
  const megabytes = Math.ceil(bytes / 2 ** 20);
  writeFileSync(path, new Uint8Array(megabytes * 2 ** 20));
  const env = { MTOOLS_SKIP_CHECK: "1", SOURCE_DATE_EPOCH: String(FAT_EPOCH_SECONDS), TZ: "UTC" };
  const geometry = ["-t", String(megabytes), "-h", "64", "-s", "32"];
  await run(
    "format the EFI partition",
    ["mformat", "-i", path, ...geometry, "-N", serial, "-v", "CLUMP", "::"],
    {
      env,
    },
  );
  const folders = new Set(files.flatMap((file) => parents(file.path)));
  for (const folder of folders) await run(`make ${folder}`, ["mmd", "-i", path, `::/${folder}`], { env });
  for (const file of files) {
    const command = ["mcopy", "-i", path, file.from, `::/${file.path}`];
    await run(`put ${basename(file.path)} into the EFI partition`, command, { env });
  }
}

/** "a/b/c" lies in "a" and "a/b". */
function parents(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
