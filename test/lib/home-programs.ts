/** Programs of Debian that the image lacks, in a squashfs behind the image: what a person's home brings along. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { CpioEntry } from "../../assets/build/cpio.ts";
import { fingerprint } from "../../assets/build/fingerprint.ts";
import { withCacheLock } from "../../assets/build/lock.ts";
import { CACHE } from "../../assets/build/project.ts";
import { packSquashfs } from "../../assets/build/squashfs.ts";
import { type Apt, createApt } from "../../assets/packages/apt.ts";
import { createPackageCache } from "../../assets/packages/package-cache.ts";
import { type Package, type PackageNames, resolvePackages } from "../../assets/packages/packages.ts";
import { readOptional } from "../../system/files.ts";
import { type Suite, sourcesOf } from "./debian/suites.ts";

const PACKAGES: PackageNames = {
  kernel: "linux-image-amd64",
  userland: [
    ...["bash", "make", "openssl", "xz-utils", "python3.11-minimal"],
    ...["libpython3.11-minimal", "libpython3.11-stdlib"],
    ...["gcc-12", "cpp-12", "binutils", "binutils-x86-64-linux-gnu", "libbinutils"],
  ],
  firmware: [],
};

/** What no test uses, and what is large: paths below a package. */
const LEFT_OUT = /\/(share|gconv|lto1|lto-wrapper|[^/]*lto-dump[^/]*|lib\w+san\.so[^/]*|[^/]*\.a)(\/|$)/;

const LIBRARIES = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];
const LOADER = "ld-linux-x86-64.so.2";

const MOUNT_POINT = "/root/programs";

/** Makes the programs callable in a shell of a node that was booted with `homePrograms()`. */
export const USE_HOME_PROGRAMS = [
  `mkdir -p ${MOUNT_POINT}`,
  `mount -t squashfs -o loop,ro /srv/programs.squashfs ${MOUNT_POINT}`,
  `export PROGRAMS=${MOUNT_POINT}/usr/bin`,
  `export PATH=$PATH:${MOUNT_POINT}/bin:${MOUNT_POINT}/usr/bin`,
  `export LD_LIBRARY_PATH=${MOUNT_POINT}/lib/x86_64-linux-gnu:${MOUNT_POINT}/usr/lib/x86_64-linux-gnu`,
].join(" && ");

/** Entries for an archive behind the image. @throws Error where Debian's mirror does not answer, and nothing is cached */
export async function homePrograms(): Promise<CpioEntry[]> {
  return await packPrograms("programs", PACKAGES.userland);
}

/**
 * Entries for an archive behind the image: these packages, and what they depend on, as srv/NAME.squashfs; from the Debian
 * of this machine, or from another.
 */
export async function packPrograms(
  name: string,
  packages: readonly string[],
  suite?: Suite,
): Promise<CpioEntry[]> {
  const path = await withCacheLock("packages", () => pack({ ...PACKAGES, userland: packages }, suite));
  return [
    { path: "srv", type: "directory", mode: 0o755 },
    { path: `srv/${name}.squashfs`, type: "file", mode: 0o644, bytes: readFileSync(path) },
  ];
}

/**
 * A program of a Debian package for this machine, where the package is not installed: words that start it, with the
 * libraries that it depends on; from the Debian of this machine, or from another. @throws Error where Debian's mirror
 * does not answer, and nothing is cached
 */
export async function unpackedProgram(name: string, path: string, suite?: Suite): Promise<string[]> {
  return await withCacheLock("packages", async () => {
    const known = readOptional(placeOfWords(name, path, suite));
    const words = known === undefined ? [] : (JSON.parse(known) as string[]);
    if (words.length > 0 && [words[0]!, words.at(-1)!].every(existsSync)) return words;
    return await findProgram(name, path, suite);
  });
}

/** apt(8) needs half a minute to tell on what a program depends: that is kept as long as its lists are the same. */
function placeOfWords(name: string, path: string, suite?: Suite): string {
  const lists = statSync(join(aptFolder(suite), "lists"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return join(CACHE, "home-programs", `${fingerprint(name, path, suite ?? "", String(lists))}.json`);
}

async function findProgram(name: string, path: string, suite?: Suite): Promise<string[]> {
  const { apt, userland } = await resolve({ ...PACKAGES, userland: [name] }, suite);
  const folders = await unpack(apt, userland);
  const find = (within: readonly string[], wanted: string) =>
    within.map((folder) => join(folder, wanted)).find(existsSync) ?? wanted;
  const libraries = folders.flatMap((folder) => LIBRARIES.map((place) => join(folder, place)));
  const words = [find(libraries, LOADER), "--library-path", libraries.join(":"), find(folders, path)];
  mkdirSync(join(CACHE, "home-programs"), { recursive: true });
  writeFileSync(placeOfWords(name, path, suite), JSON.stringify(words));
  return words;
}

/** A file of a Debian package that is not installed, without what the package depends on. @throws as `unpackedProgram()` */
export async function unpackedFile(name: string, path: string): Promise<string> {
  const [folder = ""] = await withCacheLock("packages", async () => {
    const { apt, userland } = await resolve({ ...PACKAGES, userland: [name] });
    const wanted = userland.filter((entry) => entry.name === name);
    return await unpack(apt, wanted);
  });
  return join(folder, path);
}

/** The folder of a kernel's package, which `metapackage` names. @throws as `unpackedProgram()` */
export async function unpackedKernelPackage(metapackage: string, suite?: Suite): Promise<string> {
  const [folder = ""] = await withCacheLock("packages", async () => {
    const { apt, kernel } = await resolve({ kernel: metapackage, userland: [], firmware: [] }, suite);
    return await unpack(apt, [kernel]);
  });
  return folder;
}

const aptFolder = (suite?: Suite) => join(CACHE, "apt", suite ?? "stable");

/** Packages and the libraries that they depend on. */
async function resolve(packages: PackageNames, suite?: Suite) {
  const sources = suite && (await sourcesOf(suite));
  const folder = aptFolder(suite);
  const apt = await createApt(folder, { suite: undefined, free: false }, sources);
  // Where nothing has been built yet, there are no package lists.
  if ((await apt.records([packages.kernel])).length === 0) await apt.update();
  const { kernel, userland } = await resolvePackages(apt, packages);
  return { apt, kernel, userland };
}

/** The folders of packages. */
async function unpack(apt: Apt, packages: readonly Package[]): Promise<string[]> {
  const cache = createPackageCache(join(CACHE, "packages"));
  await cache.fill(apt, packages, () => {});
  return packages.map((entry) => cache.folder(entry));
}

async function pack(packages: PackageNames, suite?: Suite): Promise<string> {
  const folder = join(CACHE, "home-programs");
  const packed = join(
    folder,
    `${fingerprint(packages, LEFT_OUT.source, ...(suite ? [suite] : []))}.squashfs`,
  );
  if (existsSync(packed)) return packed;
  const tree = join(folder, "tree");
  rmSync(tree, { recursive: true, force: true });
  const { apt, userland } = await resolve(packages, suite);
  for (const from of await unpack(apt, userland)) takeInto(tree, from);
  await packSquashfs(tree, packed, { level: 3, modified: 0 });
  rmSync(tree, { recursive: true });
  return packed;
}

/** Relative links stay as they are in the package. */
function takeInto(tree: string, from: string): void {
  mkdirSync(tree, { recursive: true });
  for (const name of readdirSync(from).filter((entry) => entry !== "etc" && entry !== "var"))
    cpSync(join(from, name), join(tree, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !LEFT_OUT.test(path.slice(from.length)),
    });
}
