/** Debian's kernel of this machine, as its package has it: that of a node, where the image is of this Debian. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "../../../../assets/build/lock.ts";
import { run } from "../../../../assets/build/run.ts";
import { moduleName } from "../../../../assets/image/modules.ts";
import { unpackedKernelPackage } from "../../../lib/home-programs.ts";

export interface KernelPackage {
  readonly path: string;
  /** The folder of modules. */
  readonly modules: string;
  /** The files of these modules and of all that they need, as they are to be inserted, below that folder; built-in ones have none. */
  inserts(names: readonly string[]): string[];
}

/** @throws Error where Debian's mirror does not answer, and nothing is cached */
export async function kernelPackage(): Promise<KernelPackage> {
  const folder = await unpackedKernelPackage("linux-image-amd64");
  const [release = ""] = readdirSync(join(folder, "lib/modules"));
  const modules = join(folder, "lib/modules", release);
  const list = join(modules, "modules.dep");
  // The package comes without its lists.
  if (!existsSync(list))
    await withCacheLock("packages", () =>
      run("index the kernel's modules", ["depmod", "-b", folder, release]),
    );
  const needs = new Map<string, readonly string[]>();
  for (const line of readFileSync(list, "utf8").trim().split("\n")) {
    const [path = "", ...needed] = line.split(/:? /).map((word) => word.replace(/:$/, ""));
    // depmod(8): the last is to be inserted first.
    needs.set(moduleName(path), [...needed.filter(Boolean).reverse(), path]);
  }
  return {
    ...{ path: join(folder, "boot", `vmlinuz-${release}`), modules },
    inserts: (names) => [...new Set(names.flatMap((name) => needs.get(name) ?? []))],
  };
}
