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

const FAST = " fast";

const INPUTS = [...PROGRAM_SOURCES, "assets/image", "assets/rootfs"];

/** Makes `dist/` from the tree as it is, or leaves it where it already is that; CLUMP_FAST=1 packs quickly. @throws Error */
export async function ensureImage(): Promise<Image> {
  const image = { kernel: join(DIST, "vmlinuz"), initramfs: join(DIST, "initramfs.img") };
  const fast = process.env["CLUMP_FAST"] === "1";
  if (isCurrent(image, { fast })) return image;
  // Taken before the build, so that an edit during it counts as one after it.
  const inputs = inputsNow();
  await buildImage({ out: DIST, fast, progress: createProgress(process.stderr) });
  markBuilt(inputs, { fast });
  return image;
}

/** Remembers what `dist/` was made from, and how. */
export function markBuilt(inputs: string, { fast }: { readonly fast: boolean }): void {
  writeFileSync(join(CACHE, "built"), fast ? inputs + FAST : inputs);
}

/** An image that was packed quickly will do only where such a one is wanted. */
function isCurrent({ kernel, initramfs }: Image, { fast }: { readonly fast: boolean }): boolean {
  if (![kernel, initramfs, join(CACHE, "built")].every(existsSync)) return false;
  const [built, inputs] = [readFileSync(join(CACHE, "built"), "utf8"), inputsNow()];
  return built === inputs || (fast && built === inputs + FAST);
}

/** A digest of all that the tree gives to the image. */
export function inputsNow(): string {
  return fingerprintFiles(INPUTS);
}
