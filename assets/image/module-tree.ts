/** Puts the wanted modules of a kernel package into the tree and indexes them. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { modinfo } from "../build/elf.ts";
import { run } from "../build/run.ts";
import { unxz } from "../build/unxz.ts";
import { MODULE_GROUPS, MODULES_LEFT_OUT } from "./manifest.ts";
import {
  closeOver,
  type ModuleIndex,
  parseInserts,
  parseModuleLists,
  plainPath,
  selectModules,
} from "./modules.ts";

export interface TakenModules {
  readonly release: string;
  readonly count: number;
  /** Modules named in the manifest that this kernel has not. */
  readonly missing: readonly string[];
  /** Names of firmware by driver. */
  readonly firmware: ReadonlyMap<string, readonly string[]>;
}

type KmodCommand = (name: "depmod" | "modprobe") => readonly string[];

/** Files of lib/modules/<release> that depmod reads beside the modules. */
const LISTS = ["modules.builtin", "modules.builtin.modinfo", "modules.order"];

/**
 * Copies the wanted modules, with all they depend on, into `usr`/lib/modules.
 * `base` is the folder of the kernel package that holds lib/modules; `kmod` gives the command to run kmod. @throws Error
 */
export async function takeModules(usr: string, base: string, kmod: KmodCommand): Promise<TakenModules> {
  const release = readdirSync(join(base, "lib/modules"))[0];
  if (release === undefined) throw new Error("Cannot take modules: the kernel's package has none");
  const from = join(base, "lib/modules", release);
  const to = join(usr, "lib/modules", release);
  const index = await readIndex(from, () =>
    run("index the kernel's modules", [...kmod("depmod"), "-b", base, release]),
  );
  const groups = MODULE_GROUPS.map((group) => ({ group, ...selectModules(index, group, MODULES_LEFT_OUT) }));
  const wanted = closeOver(
    groups.flatMap(({ selected }) => selected),
    index,
  );
  const withFirmware = groups.filter(({ group }) => group.firmware).flatMap(({ selected }) => selected);

  const firmware = new Map<string, readonly string[]>();
  for (const name of wanted) {
    const path = index.paths.get(name) ?? "";
    const bytes = await readModule(join(from, path));
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, plainPath(path)), bytes);
    const asks = modinfo(bytes, "firmware");
    if (asks.length > 0 && withFirmware.includes(name)) firmware.set(name, asks);
  }
  for (const list of LISTS) copyFileSync(join(from, list), join(to, list));
  await run("index the image's modules", [...kmod("depmod"), "-b", usr, release]);
  await writeInserts(usr, release, { wanted, modprobe: kmod("modprobe") });
  return { release, count: wanted.length, missing: groups.flatMap(({ missing }) => missing), firmware };
}

/** Writes what modprobe(8) would insert for each module: a node then need not start modprobe to know. */
async function writeInserts(
  usr: string,
  release: string,
  { wanted, modprobe }: { readonly wanted: readonly string[]; readonly modprobe: readonly string[] },
): Promise<void> {
  const folder = join(usr, "lib/modules", release);
  // Not as this machine is configured.
  const options = ["-C", join(usr, "lib/modprobe.d"), "-d", usr, "-S", release];
  const lines: string[] = [];
  for (const name of wanted) {
    const output = await run(`list what ${name} needs`, [...modprobe, "-D", ...options, name]);
    const files = parseInserts(output, folder);
    if (files !== undefined) lines.push(`${[name, ...files].join(" ")}\n`);
  }
  writeFileSync(join(folder, "modules.inserts"), lines.join(""));
}

async function readIndex(folder: string, writeLists: () => Promise<unknown>): Promise<ModuleIndex> {
  // The package comes without its lists: they are written where it is installed, here into the cache.
  if (!existsSync(join(folder, "modules.softdep"))) await writeLists();
  const read = (name: string) => readFileSync(join(folder, `modules.${name}`), "utf8");
  return parseModuleLists({
    dep: read("dep"),
    softdep: read("softdep"),
    alias: read("alias"),
    builtin: read("builtin"),
  });
}

/** A module's ELF bytes, unpacked where Debian compressed them. */
export async function readModule(path: string): Promise<Uint8Array> {
  if (path.endsWith(".zst")) return Bun.zstdDecompress(readFileSync(path));
  const bytes = readFileSync(path);
  return path.endsWith(".xz") ? unxz(bytes, path) : bytes;
}
