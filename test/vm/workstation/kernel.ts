/** The kernel of a workstation, with its modules: Debian 12 has that of the image, and a later Debian its own. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { findFile } from "../../../assets/build/cpio.ts";
import { fingerprint } from "../../../assets/build/fingerprint.ts";
import { holdLock } from "../../../assets/build/lock.ts";
import { splitInitramfs } from "../../../assets/build/packed-archive.ts";
import { CACHE } from "../../../assets/build/project.ts";
import { run } from "../../../assets/build/run.ts";
import { unpackKernel } from "../../../assets/qemu/unpacked-kernel.ts";
import type { Suite } from "../../lib/debian/suites.ts";
import { unpackedKernelPackage } from "../../lib/home-programs.ts";
import { imageFiles } from "../../lib/node.ts";

export interface Kernel {
  /** What QEMU starts. */
  readonly path: string;
  readonly release: string;
  /** A folder named "modules", which holds one of that release. */
  readonly modules: string;
}

/** That for virtual machines, the smallest. */
const METAPACKAGE = "linux-image-cloud-amd64";

const MODULES = "lib/modules";
const LIBRARIES = "lib/x86_64-linux-gnu";
const LOADER = "lib64/ld-linux-x86-64.so.2";
const KMOD = "bin/kmod";

/**
 * The kernel of a Debian; `system` holds the modules of the image in lib/modules.
 * @throws Error where Debian's mirror does not answer, and nothing is cached
 */
export async function findKernel(suite: Suite, system: string): Promise<Kernel> {
  if (suite !== "bookworm") return await ownKernel(suite);
  const modules = join(system, MODULES);
  return { path: await unpackKernel(imageFiles().kernel), release: onlyIn(modules), modules };
}

/** The kernel that a Debian brings for itself, from its package: fetched, unpacked and indexed once. @throws as `findKernel()` */
export async function ownKernel(suite: Suite): Promise<Kernel> {
  await using _ = await holdLock("workstation");
  const folder = join(CACHE, "workstation", `${suite}-kernel-${fingerprint(METAPACKAGE)}`);
  if (!existsSync(folder)) await make(suite, folder);
  const modules = join(folder, "modules");
  return { path: await unpackKernel(join(folder, "vmlinuz")), release: onlyIn(modules), modules };
}

async function make(suite: Suite, folder: string): Promise<void> {
  const from = await unpackedKernelPackage(METAPACKAGE, suite);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const system = await unpackImage(partial, [LIBRARIES, LOADER, KMOD]);
  cpSync(join(from, "usr", MODULES), join(system, MODULES), { recursive: true });
  const release = onlyIn(join(system, MODULES));
  const depmod = [join(system, LOADER), "--argv0", "depmod", "--library-path", join(system, LIBRARIES)];
  await run("index the kernel's modules", [...depmod, join(system, KMOD), "-b", system, release]);
  renameSync(join(system, MODULES), join(partial, "modules"));
  cpSync(join(from, "boot", `vmlinuz-${release}`), join(partial, "vmlinuz"));
  rmSync(system, { recursive: true });
  renameSync(partial, folder);
}

function onlyIn(folder: string): string {
  const [name = ""] = readdirSync(folder);
  return name;
}

/** Unpacks these files and folders of the system of the image under test; gives the folder that has them. */
export async function unpackImage(folder: string, wanted: readonly string[]): Promise<string> {
  const { rest } = splitInitramfs(readFileSync(imageFiles().initrd));
  const { begin, end } = findFile(rest, "clump.squashfs");
  const packed = join(folder, "clump.squashfs");
  writeFileSync(packed, rest.subarray(begin, end));
  const to = join(folder, "system");
  await run("unpack the image", ["unsquashfs", "-q", "-n", "-d", to, packed, ...wanted]);
  rmSync(packed);
  return to;
}
