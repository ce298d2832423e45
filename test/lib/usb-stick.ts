/** The image of a USB stick as it is sold: one partition with FAT. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";

export interface Stick extends Disposable {
  readonly path: string;
  /** The text of a file on it. @throws where it is not there */
  read(name: string): Promise<string>;
}

const MEGABYTE = 2 ** 20;
const SECTOR = 512;

export async function makeStick(): Promise<Stick> {
  const folder = mkdtempSync(join(tmpdir(), "clump-stick-"));
  const path = join(folder, "stick.img");
  const disk = Buffer.alloc(16 * MEGABYTE);
  // The first entry of a DOS partition table: FAT32 (0x0c) from the first megabyte to the end.
  disk[446 + 4] = 0x0c;
  disk.writeUInt32LE(MEGABYTE / SECTOR, 446 + 8);
  disk.writeUInt32LE((disk.length - MEGABYTE) / SECTOR, 446 + 12);
  disk.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, disk);
  await $`mformat -i ${path}@@1M -v STICK ::`.quiet();
  return {
    path,
    read: (name) => $`mtype -i ${path}@@1M ${`::${name}`}`.text(),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
