/** Builds the image only when it is not what the tree would make. */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SLURM_IMAGE } from "../../modes/serve/slurm-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import { fingerprintFiles } from "../build/fingerprint.ts";
import { withCacheLock } from "../build/lock.ts";
import { CACHE, DIST } from "../build/project.ts";
import { buildImage } from "./build-image.ts";
import type { ImageOptions, ImageReport } from "./options.ts";
import { createProgress } from "./progress.ts";
import { IMAGE_SOURCES } from "./stages.ts";

/** The finished image. */
export interface Image {
  readonly kernel: string;
  readonly initramfs: string;
  /** The archive that `clump tools` loads. */
  readonly tools: string;
  /** What a boot loader loads behind the initramfs for a node of Slurm. */
  readonly slurm: string;
}

/** The files of an image in a folder. */
export function imageIn(folder: string): Image {
  const file = (name: string) => join(folder, name);
  return {
    kernel: file("vmlinuz"),
    initramfs: file("initramfs.img"),
    tools: file(TOOLS_FILES.name),
    slurm: file(SLURM_IMAGE),
  };
}

const FAST = " fast";

const NOTE = join(CACHE, "built");

/** Makes `dist/` from the tree as it is, or leaves it where it already is that; CLUMP_FAST=1 packs quickly. @throws Error */
export async function ensureImage(): Promise<Image> {
  const image = imageIn(DIST);
  const fast = process.env["CLUMP_FAST"] === "1";
  if (isCurrent(image, { fast })) return image;
  await withCacheLock("dist", async () => {
    // Another process may have made it meanwhile, and machines may have booted from that.
    if (!isCurrent(image, { fast })) await buildNoted({ fast, progress: createProgress(process.stderr) });
  });
  return image;
}

/** Makes `dist/` in any case. @throws Error */
export function buildDist(options: Omit<ImageOptions, "out">): Promise<ImageReport> {
  return withCacheLock("dist", () => buildNoted(options));
}

function buildNoted(options: Omit<ImageOptions, "out">): Promise<ImageReport> {
  // Taken before the build, so that an edit during it counts as one after it.
  const inputs = inputsNow();
  return withNote(NOTE, options.fast ? inputs + FAST : inputs, () => buildImage({ ...options, out: DIST }));
}

/** Writes what something is made from once it is made: until then, and where that fails, there is no such note. */
export async function withNote<T>(path: string, from: string, make: () => Promise<T>): Promise<T> {
  rmSync(path, { force: true });
  const made = await make();
  writeFileSync(path, from);
  return made;
}

/** An image that was packed quickly will do only where such a one is wanted. */
function isCurrent(image: Image, { fast }: { readonly fast: boolean }): boolean {
  if (![...Object.values(image), NOTE].every(existsSync)) return false;
  const [built, inputs] = [readFileSync(NOTE, "utf8"), inputsNow()];
  return built === inputs || (fast && built === inputs + FAST);
}

/** A digest of all that the tree gives to the image. */
function inputsNow(): string {
  return fingerprintFiles(IMAGE_SOURCES);
}
