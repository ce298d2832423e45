/** The wanted kernel modules and all they depend on, from the lists that depmod(8) writes. */

import type { ModuleGroup } from "./manifest.ts";

/** What depmod says of one kernel's modules; names are as modprobe says them, with underscores. */
export interface ModuleIndex {
  /** Paths below lib/modules/<release>, as "kernel/drivers/net/mii.ko.xz". */
  readonly paths: ReadonlyMap<string, string>;
  readonly depends: ReadonlyMap<string, readonly string[]>;
  /** Soft dependencies, before and after, by name or alias. */
  readonly soft: ReadonlyMap<string, readonly string[]>;
  /** Modules by alias; only of the aliases that are plain words. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly builtin: ReadonlySet<string>;
}

/** The texts of modules.dep, modules.softdep, modules.alias and modules.builtin. */
export interface ModuleLists {
  readonly dep: string;
  readonly softdep: string;
  readonly alias: string;
  readonly builtin: string;
}

const SUFFIX = /\.ko(\.xz|\.zst)?$/;

/** The name modprobe knows a module's file by. */
export function moduleName(path: string): string {
  return normalize(path.slice(path.lastIndexOf("/") + 1).replace(SUFFIX, ""));
}

/** Where a module lies in the image: not compressed, for the image as a whole is. */
export function plainPath(path: string): string {
  return path.replace(SUFFIX, ".ko");
}

export function parseModuleLists(lists: ModuleLists): ModuleIndex {
  const paths = new Map<string, string>();
  const depends = new Map<string, string[]>();
  for (const line of lines(lists.dep)) {
    const [path = "", rest = ""] = line.split(":");
    paths.set(moduleName(path), path);
    depends.set(moduleName(path), rest.split(" ").filter(Boolean).map(moduleName));
  }
  const soft = new Map<string, string[]>();
  for (const line of lines(lists.softdep)) {
    const [, name = "", ...words] = line.split(/\s+/);
    append(soft, normalize(name), words.filter((word) => !word.endsWith(":")).map(normalize));
  }
  const aliases = new Map<string, string[]>();
  for (const line of lines(lists.alias)) {
    const [, alias = "", name = ""] = line.split(" ");
    if (!/[:*]/.test(alias)) append(aliases, normalize(alias), [normalize(name)]);
  }
  return { paths, depends, soft, aliases, builtin: new Set(lines(lists.builtin).map(moduleName)) };
}

/** The modules a group names itself, without their dependencies, and those the kernel has not at all. */
export function selectModules(
  index: ModuleIndex,
  group: ModuleGroup,
  leftOut: readonly string[],
): { readonly selected: readonly string[]; readonly missing: readonly string[] } {
  const prefixes = group.folders.map((folder) => `kernel/drivers/${folder}/`);
  const inFolders = [...index.paths]
    .filter(([name, path]) => prefixes.some((prefix) => path.startsWith(prefix)) && !leftOut.includes(name))
    .map(([name]) => name);
  return {
    selected: [...inFolders, ...group.modules.filter((name) => index.paths.has(name))],
    missing: group.modules.filter((name) => !index.paths.has(name) && !index.builtin.has(name)),
  };
}

/** Adds to the wanted modules all that they depend on, hard or soft; sorted, built-in ones left out. */
export function closeOver(wanted: readonly string[], index: ModuleIndex): string[] {
  const closed = new Set<string>();
  const queue = [...wanted];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (closed.has(name) || !index.paths.has(name)) continue;
    closed.add(name);
    const soft = (index.soft.get(name) ?? []).flatMap((word) => [word, ...(index.aliases.get(word) ?? [])]);
    queue.push(...(index.depends.get(name) ?? []), ...soft);
  }
  return [...closed].sort();
}

/**
 * The files that modprobe(8) with --show-depends says it would insert, in order, by their paths below `folder`. Undefined
 * where it would do more than that: give a module parameters, or run a command in its place.
 */
export function parseInserts(output: string, folder: string): string[] | undefined {
  const inserts = lines(output).filter((line) => !line.startsWith("builtin "));
  const files = inserts.map((line) => /^insmod (\S+) $/.exec(line)?.[1]);
  if (files.includes(undefined)) return undefined;
  return [...new Set(files.map((file) => file!.slice(folder.length + 1)))];
}

function normalize(name: string): string {
  return name.replaceAll("-", "_");
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

function append(map: Map<string, string[]>, key: string, values: readonly string[]): void {
  map.set(key, [...(map.get(key) ?? []), ...values]);
}
