/** The packages of one build: resolved, fetched and unpacked, or as they were the last time. */

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "../build/fingerprint.ts";
import { withCacheLock } from "../build/lock.ts";
import { CACHE } from "../build/project.ts";
import { type Apt, createApt } from "../packages/apt.ts";
import { createPackageCache, type PackageCache } from "../packages/package-cache.ts";
import { type PackageNames, type Resolution, resolvePackages } from "../packages/packages.ts";
import { FREE_FIRMWARE, PACKAGES } from "./manifest.ts";
import type { ImageOptions } from "./options.ts";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

export interface Prepared {
  readonly resolution: Resolution;
  readonly cache: PackageCache;
}

/** Resolves, fetches and unpacks. @throws Error where no mirror answers and the cache has no earlier build */
export function preparePackages(options: ImageOptions): Promise<Prepared> {
  return withCacheLock("packages", () => prepare(options));
}

async function prepare(options: ImageOptions): Promise<Prepared> {
  const { progress, suite, free = false } = options;
  const folder = join(CACHE, "apt", `${suite ?? "stable"}${free ? "-free" : ""}`);
  mkdirSync(folder, { recursive: true });
  const apt = await createApt(folder, { suite, free });
  const names = { ...PACKAGES, firmware: free ? FREE_FIRMWARE : PACKAGES.firmware };
  const resolution = await resolve(apt, names, folder, options);
  progress.stage("Fetch and unpack packages");
  const cache = createPackageCache(join(CACHE, "packages"));
  const { kernel, userland, firmware } = resolution;
  await cache.fill(apt, [kernel, ...userland, ...firmware], (done) => progress.update(done));
  return { resolution, cache };
}

/** Looks the packages up where that is due; the versions of the last build will do where no mirror answers. */
async function resolve(
  apt: Apt,
  names: PackageNames,
  folder: string,
  options: ImageOptions,
): Promise<Resolution> {
  const { progress, update = "when unknown" } = options;
  const file = join(folder, `packages-${fingerprint(names)}.json`);
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Resolution) : undefined;
  const isDue = update === "now" || (update === "daily" && known !== undefined && isOld(file));
  if (known !== undefined && !isDue) return known;
  progress.stage("Look for packages");
  try {
    await apt.update();
    const resolution = await resolvePackages(apt, names);
    writeFileSync(file, `${JSON.stringify(resolution, undefined, 2)}\n`);
    return resolution;
  } catch (error) {
    const { message } = error as Error;
    if (known === undefined)
      throw new Error(`${message}\nOnly a build after the first one can do without a mirror`);
    progress.note(`${message}\nTaking the package versions of the last build`);
    return known;
  }
}

function isOld(file: string): boolean {
  return Date.now() - statSync(file).mtimeMs > DAY_MILLISECONDS;
}
