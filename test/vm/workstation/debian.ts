/** The disk of a workstation: Debian with systemd, made of its packages once and kept in the cache. */

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fingerprint } from "../../../assets/build/fingerprint.ts";
import { holdLock } from "../../../assets/build/lock.ts";
import { CACHE } from "../../../assets/build/project.ts";
import { run } from "../../../assets/build/run.ts";
import { formatSources, type Source } from "../../../assets/packages/sources.ts";
import { type Suite, sourcesOf } from "../../lib/debian/suites.ts";

/** What `apt install` of clump finds there, in a few packages that an emulated machine starts soon. */
const PACKAGES = ["criu", "iproute2", "kmod", "systemd-sysv"];
/** To serve other PCs, and for a C project of its user. */
const MORE_PACKAGES = { bookworm: ["dnsmasq-base", "gcc", "make"], trixie: [] } as const;

/** What nobody reads, and what of a compiler is large and is called by none of the tests. */
const LEFT_OUT = [
  ...["/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/man/*"],
  ...["/usr/lib/gcc/*/lto1", "/usr/bin/*lto-dump*", "/usr/lib/*/lib*san.so*", "/usr/lib/*.a"],
];

/** Memory, where the machine has a file system of it: dpkg(1) waits for the disk with each of its files. */
const FAST_FOLDER = "/dev/shm";

const DISK_SIZE = "1200M";

/** The path of an ext4 file system, for machines that keep nothing. @throws Error where no mirror answers */
export async function debianDisk(suite: Suite): Promise<string> {
  await using _ = await holdLock("workstation");
  const sources = await sourcesOf(suite);
  const packages = [...PACKAGES, ...MORE_PACKAGES[suite]];
  const path = join(CACHE, "workstation", `${suite}-${fingerprint(packages, LEFT_OUT, DISK_SIZE)}.ext4`);
  if (!existsSync(path)) await make(path, suite, packages, sources);
  return path;
}

async function make(
  path: string,
  suite: Suite,
  packages: readonly string[],
  sources: readonly Source[],
): Promise<void> {
  const partial = `${path}.partial`;
  const list = `${path}.sources`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(partial, { force: true });
  writeFileSync(list, formatSources(sources));
  const options = [
    ...["--variant=apt", `--include=${packages.join(",")}`, "--format=null"],
    ...['--aptopt=Acquire::Languages "none"', "--dpkgopt=force-unsafe-io"],
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--customize-hook=${packing(partial)}`,
  ];
  await run("make a Debian", ["mmdebstrap", ...options, suite, "-", list], {
    env: existsSync(FAST_FOLDER) ? { TMPDIR: FAST_FOLDER } : {},
  });
  renameSync(partial, path);
}

/** Within mmdebstrap(1) the owners of files are right for whoever runs it. The plain bind leaves out what it has mounted. */
function packing(to: string): string {
  const pack = `mount --bind "$1" /mnt && rm -rf /mnt/var/cache/apt/archives/*.deb /mnt/var/lib/apt/lists/* &&
    mke2fs -q -t ext4 -d /mnt "$2" ${DISK_SIZE}`;
  return `unshare -m sh -c '${pack}' sh "$1" "${to}"`;
}
