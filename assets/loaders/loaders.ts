/** Boot loaders and boot servers from Debian's packages, fetched and unpacked without installing them. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "../build/lock.ts";
import { CACHE } from "../build/project.ts";
import { PACKAGES } from "../image/manifest.ts";
import { createApt } from "../packages/apt.ts";
import { createPackageCache } from "../packages/package-cache.ts";
import { type Package, resolvePackages } from "../packages/packages.ts";

const LOADER_PACKAGES = [
  "dnsmasq-base",
  "grub-efi-amd64-bin",
  "grub-efi-amd64-signed",
  "grub-pc-bin",
  "ipxe",
  "memtest86+",
  "shim-signed",
  "systemd-boot-efi",
  "util-linux",
] as const;

export type LoaderPackage = (typeof LOADER_PACKAGES)[number];

export interface Loaders {
  /** A file of a package, as `file("grub-pc-bin", "usr/lib/grub/i386-pc/boot_hybrid.img")`. @throws Error where there is none */
  file(name: LoaderPackage, path: string): string;
  /** The folder of each package, and of each with a library that they need, by name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Name and version of each. */
  readonly versions: readonly Pick<Package, "name" | "version">[];
}

/** Fetches what the cache has not; `update` looks for newer ones. @throws Error */
export async function prepareLoaders({ update = false } = {}): Promise<Loaders> {
  return withCacheLock("loaders", async () => {
    const packages = await resolve(update);
    const folders = new Map(packages.map((entry) => [entry.name, cache.folder(entry)]));
    return {
      folders,
      versions: packages.map(({ name, version }) => ({ name, version })),
      file(name, path) {
        const found = join(folders.get(name) ?? "", path);
        if (!existsSync(found))
          throw new Error(`Cannot take ${path} from ${name}: the package has no such file`);
        return found;
      },
    };
  });
}

const cache = createPackageCache(join(CACHE, "packages"));

/** The versions of the last time, unless newer are asked for or there are none. */
async function resolve(update: boolean): Promise<readonly Package[]> {
  const folder = join(CACHE, "apt", "loaders");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "packages.json");
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Package[]) : [];
  const isComplete = LOADER_PACKAGES.every((name) => known.some((entry) => entry.name === name));
  const apt = await createApt(folder, { suite: undefined, free: false });
  const packages = isComplete && !update ? known : await lookUp();
  await withCacheLock("packages", () => cache.fill(apt, packages, () => {}));
  writeFileSync(file, `${JSON.stringify(packages, undefined, 2)}\n`);
  return packages;

  async function lookUp(): Promise<readonly Package[]> {
    await apt.update();
    const { userland } = await resolvePackages(apt, {
      kernel: PACKAGES.kernel,
      userland: LOADER_PACKAGES,
      firmware: [],
    });
    return userland;
  }
}
