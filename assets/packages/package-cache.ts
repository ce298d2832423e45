/** Debian packages, fetched and unpacked once. */

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../build/run.ts";
import type { Apt } from "./apt.ts";
import type { Package } from "./packages.ts";

export interface PackageCache {
  /** Fetches and unpacks what is not in the cache yet. @throws Error */
  fill(apt: Apt, packages: readonly Package[], onProgress: (done: number) => void): Promise<void>;
  /** The folder a package is unpacked in. */
  folder(entry: Package): string;
}

/** Keeps packages in `folder`: `deb/` as fetched, `unpacked/` as files. */
export function createPackageCache(folder: string): PackageCache {
  const debs = join(folder, "deb");
  // apt-get download writes the colon of an epoch as %3a. In a list of folders a colon divides two of them.
  const named = ({ name, version }: Package) => `${name}_${version.replaceAll(":", "%3a")}`;
  const unpacked = (entry: Package) => join(folder, "unpacked", named(entry));
  const deb = (entry: Package, architecture: string) => join(debs, `${named(entry)}_${architecture}.deb`);
  const debOf = (entry: Package) => ["amd64", "all"].map((name) => deb(entry, name)).find(existsSync);

  return {
    folder: unpacked,
    async fill(apt, packages, onProgress) {
      const absent = packages.filter((entry) => !existsSync(unpacked(entry)));
      const unfetched = absent.filter((entry) => debOf(entry) === undefined);
      const names = unfetched.map((entry) => `${entry.name}=${entry.version}`);
      if (names.length > 0) await apt.download(names, debs, (done) => onProgress(done * 0.7));
      for (const [index, entry] of absent.entries()) {
        const path = debOf(entry);
        if (path === undefined)
          throw new Error(`Cannot find ${entry.name} ${entry.version}: apt did not fetch it`);
        await unpack(path, entry, unpacked(entry));
        onProgress(0.7 + (0.3 * (index + 1)) / absent.length);
      }
    },
  };
}

async function unpack(path: string, entry: Package, target: string): Promise<void> {
  const digest = new Bun.CryptoHasher("sha256").update(await Bun.file(path).arrayBuffer()).digest("hex");
  if (digest !== entry.sha256) {
    rmSync(path);
    throw new Error(`Cannot use ${basename(path)}: its digest is ${digest}, and ${entry.sha256} was wanted`);
  }
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await run(`unpack ${basename(path)}`, ["dpkg-deb", "-x", path, partial]);
  renameSync(partial, target);
}
