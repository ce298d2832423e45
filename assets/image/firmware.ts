/** The firmware that drivers ask for, found in Debian's firmware packages. */

import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** One file of lib/firmware. */
export interface FirmwareFile {
  /** Below lib/firmware, as "rtl_nic/rtl8168h-2.fw". */
  readonly path: string;
  readonly file: string;
  readonly package: string;
}

export interface FirmwareLink {
  readonly path: string;
  /** Relative, as symlink(7) has it. */
  readonly target: string;
  readonly package: string;
}

export interface FirmwareReport {
  readonly driver: string;
  /** Names it asks for that no package has. */
  readonly missing: readonly string[];
  readonly leftOut: readonly string[];
  readonly bytes: number;
  /** Whether it got some of what it asks for. */
  readonly served: boolean;
}

export interface Firmware {
  readonly files: readonly FirmwareFile[];
  readonly links: readonly FirmwareLink[];
  readonly drivers: readonly FirmwareReport[];
}

interface Found {
  readonly files: FirmwareFile[];
  readonly links: FirmwareLink[];
}

/**
 * Finds what the drivers ask for. `wanted` maps a driver to names as in its modinfo, which may hold `*`;
 * `packages` maps a package to its folder; names that begin with one of `leftOut` are counted, not taken.
 */
export function findFirmware(
  wanted: ReadonlyMap<string, readonly string[]>,
  packages: ReadonlyMap<string, string>,
  leftOut: readonly string[],
): Firmware {
  const files = new Map<string, FirmwareFile>();
  const links = new Map<string, FirmwareLink>();
  const drivers: FirmwareReport[] = [];
  for (const [driver, names] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const taken = names.filter((name) => !leftOut.some((prefix) => name.startsWith(prefix)));
    const found = taken.map((name) => ({ name, ...find(name, packages) }));
    const mine = new Map(found.flatMap((one) => one.files).map((file) => [file.path, file]));
    for (const file of mine.values()) files.set(file.path, file);
    for (const link of found.flatMap((one) => one.links)) links.set(link.path, link);
    drivers.push({
      driver,
      missing: found.filter((one) => one.files.length === 0).map((one) => one.name),
      leftOut: names.filter((name) => !taken.includes(name)),
      bytes: [...mine.values()].reduce((sum, { file }) => sum + statSync(file).size, 0),
      served: mine.size > 0,
    });
  }
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  return { files: [...files.values()].sort(byPath), links: [...links.values()].sort(byPath), drivers };
}

function find(name: string, packages: ReadonlyMap<string, string>): Found {
  for (const [entry, folder] of packages) {
    for (const root of [join(folder, "lib/firmware"), join(folder, "usr/lib/firmware")]) {
      const results = expand(name, root).map((path) => follow(path, root, entry));
      const files = results.flatMap((result) => result.files);
      if (files.length > 0) return { files, links: results.flatMap((result) => result.links) };
    }
  }
  return { files: [], links: [] };
}

function expand(name: string, root: string): string[] {
  if (!name.includes("*")) return [name];
  if (!existsSync(root)) return [];
  const glob = new Bun.Glob(name);
  return readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => glob.match(path));
}

/** Follows the symlinks a name leads through, at the name itself or at one of its folders. */
function follow(path: string, root: string, entry: string): Found {
  const links: FirmwareLink[] = [];
  let at = normalize(path);
  for (let hops = 0; hops < 8; hops++) {
    const link = firstLink(at, root);
    if (link === undefined) break;
    const target = readlinkSync(join(root, link));
    links.push({ path: link, target, package: entry });
    at = join(normalize(join(dirname(link), target)), at.slice(link.length));
  }
  const file = join(root, at);
  if (at.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) return { files: [], links: [] };
  return { files: [{ path: at, file, package: entry }], links };
}

function firstLink(path: string, root: string): string | undefined {
  const parts = path.split("/");
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  return prefixes.find((prefix) =>
    lstatSync(join(root, prefix), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
}
