/** Busybox initramfs images made from the packages of ours, to measure against. */

import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RARE_DRIVERS } from "../../assets/archives/rare-drivers.ts";
import { type CpioEntry, encodeCpio } from "../../assets/build/cpio.ts";
import { withCacheLock } from "../../assets/build/lock.ts";
import { archiveFolder } from "../../assets/image/archive-tree.ts";
import { preparePackages } from "../../assets/image/prepare.ts";
import { silentProgress } from "../../assets/image/progress.ts";
import { treeStage } from "../../assets/image/stages.ts";

const WORK = "dist/bench";
const SCRIPTS = "test/bench/peers";
/** As initramfs-tools packs by default today, at a level that the unpacking kernel does not notice. */
const ZSTD_LEVEL = 19;

export interface Peer {
  readonly name: string;
  readonly initrd: string;
}

/** Packs both peers: the modules and the busybox of our image, a script each, as a compressed cpio. */
export async function packPeers(): Promise<Peer[]> {
  const usr = await ourTree();
  const common = [
    ...["bin", "dev", "etc", "proc", "sys", "tmp"].map(directory),
    ...entriesBelow(join(usr, "lib/modules"), "lib/modules"),
    executable("bin/busybox", join(usr, "bin/busybox")),
    executable("address.sh", join(SCRIPTS, "address.sh")),
    { path: "dev/console", type: "character", mode: 0o600, major: 5, minor: 1 } as const,
  ];
  return [pack("busybox, typical", "typical", common), pack("busybox, hand-tuned", "tuned", common)];
}

/** A copy, because the cache may be tidied while the bench runs. */
async function ourTree(): Promise<string> {
  const copy = join(WORK, "usr");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  await withCacheLock("build", async () => {
    const { resolution, cache } = await preparePackages({ out: WORK, progress: silentProgress });
    const { folder } = await treeStage(resolution, cache, { anew: false });
    // The rare drivers are in an archive, where links of the system lead to.
    const isFile = (path: string) => !lstatSync(path).isSymbolicLink();
    for (const tree of [join(folder, "usr"), archiveFolder(folder, RARE_DRIVERS)])
      cpSync(join(tree, "lib/modules"), join(copy, "lib/modules"), { recursive: true, filter: isFile });
    cpSync(join(folder, "usr/bin/busybox"), join(copy, "bin/busybox"));
  });
  return copy;
}

function pack(name: string, script: string, common: readonly CpioEntry[]): Peer {
  const archive = encodeCpio([...common, executable("init", join(SCRIPTS, `${script}.sh`))]);
  const initrd = join(WORK, `${script}.img`);
  writeFileSync(initrd, Bun.zstdCompressSync(archive, { level: ZSTD_LEVEL }));
  return { name, initrd };
}

function entriesBelow(folder: string, path: string): CpioEntry[] {
  const parents = path.split("/").map((_, index, parts) => directory(parts.slice(0, index + 1).join("/")));
  const below = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name): CpioEntry => {
    const file = join(folder, name);
    if (statSync(file).isDirectory()) return directory(join(path, name));
    return { path: join(path, name), type: "file", mode: 0o644, bytes: readFileSync(file) };
  });
  return [...parents, ...below];
}

function directory(path: string): CpioEntry {
  return { path, type: "directory", mode: 0o755 };
}

function executable(path: string, file: string): CpioEntry {
  return { path, type: "file", mode: 0o755, bytes: readFileSync(file) };
}
