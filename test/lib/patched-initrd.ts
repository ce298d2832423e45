/** The built image with an archive behind it: what a boot loader adds, or a fault to see what the node does then. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CpioEntry, encodeCpio } from "../../assets/build/cpio.ts";
import { imageFiles } from "./node.ts";

const FIRST_STAGE = "assets/rootfs/first-stage.sh";

export interface PatchedInitrd extends Disposable {
  readonly path: string;
}

/** @throws where the first stage has nothing like it */
export function patchFirstStage(find: string, replacement: string): PatchedInitrd {
  return appendArchive([firstStage(find, replacement)]);
}

/** The first stage with another text in the place of `find`. @throws where it has nothing like it */
export function firstStage(find: string, replacement: string): CpioEntry {
  const script = readFileSync(FIRST_STAGE, "utf8");
  if (!script.includes(find)) throw new Error(`Cannot patch the first stage: "${find}" is not in it`);
  const bytes = Buffer.from(script.replace(find, replacement));
  return { path: "init", type: "file", mode: 0o755, bytes };
}

/** Of archives one after another the kernel unpacks all, the later over the earlier. */
export function appendArchive(entries: readonly CpioEntry[]): PatchedInitrd {
  return appendArchives([encodeCpio(entries)]);
}

export function appendArchives(archives: readonly Uint8Array[]): PatchedInitrd {
  const folder = mkdtempSync(join(tmpdir(), "clump-initrd-"));
  const path = join(folder, "initrd");
  writeFileSync(path, Buffer.concat([readFileSync(imageFiles().initrd), ...archives]));
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
