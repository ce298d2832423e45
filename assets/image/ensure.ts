/** Builds the image only when it is not what the tree would make. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildImage } from "./build-image.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { createProgress } from "./progress.ts";
import { CACHE, DIST } from "./project.ts";
import { PROGRAM_SOURCES } from "./stages.ts";

/** The finished image. */
export interface Image {
  readonly kernel: string;
  readonly initramfs: string;
}

const INPUTS = [...PROGRAM_SOURCES, "assets/image", "assets/rootfs"];

/** Makes `dist/` from the tree as it is, or leaves it where it already is that; CLUMP_FAST=1 packs quickly. @throws Error */
export async function ensureImage(): Promise<Image> {
  const image = { kernel: join(DIST, "vmlinuz"), initramfs: join(DIST, "initramfs.img") };
  if (isCurrent(image)) return image;
  const fast = process.env["CLUMP_FAST"] === "1";
  // Taken before the build, so that an edit during it counts as one after it.
  const inputs = inputsNow();
  await buildImage({ out: DIST, fast, progress: createProgress(process.stderr) });
  markBuilt(inputs);
  return image;
}

/** Remembers what `dist/` was made from. */
export function markBuilt(inputs: string): void {
  writeFileSync(join(CACHE, "built"), inputs);
}

function isCurrent({ kernel, initramfs }: Image): boolean {
  if (![kernel, initramfs, join(CACHE, "built")].every(existsSync)) return false;
  return readFileSync(join(CACHE, "built"), "utf8") === inputsNow();
}

/** A digest of all that the tree gives to the image. */
export function inputsNow(): string {
  return fingerprintFiles(INPUTS);
}
