/** The Debian packages that the image wants, and their versions. */

import type { Apt } from "./apt.ts";
import type { Paragraph } from "./deb822.ts";

/** One package as it is in Debian's archive. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** The source package it is built from. */
  readonly source: string;
  readonly maintainer: string;
  readonly homepage: string | undefined;
  /** As "libs", without the component. */
  readonly section: string;
  /** "main" or "non-free-firmware". */
  readonly component: string;
  /** The archive's own digest of the .deb, in hexadecimal. */
  readonly sha256: string;
  readonly depends: readonly string[];
}

export interface PackageNames {
  /** The metapackage of the kernel, as "linux-image-amd64". */
  readonly kernel: string;
  /** Packages to take with the libraries that they depend on. */
  readonly userland: readonly string[];
  /** Libraries never to take, nor what they depend on, whichever package depends on them. */
  readonly leftOut?: readonly string[];
  /** Packages to take without their libraries, if the archive has them. */
  readonly firmware: readonly string[];
}

export interface Resolution {
  readonly kernel: Package;
  readonly userland: readonly Package[];
  readonly firmware: readonly Package[];
}

/** Looks up every package wanted in apt's lists. @throws Error naming one that is not there */
export async function resolvePackages(apt: Apt, names: PackageNames): Promise<Resolution> {
  const [meta] = await apt.records([names.kernel]);
  const kernelName = dependsOf(meta).find((name) => /^linux-image-\d/.test(name));
  if (kernelName === undefined)
    throw new Error(`Cannot find the kernel: ${names.kernel} names none, and one was wanted`);
  const [kernel] = await lookUp(apt, [kernelName]);
  const firmware = (await apt.records(names.firmware)).map(packageOf);
  return {
    kernel: kernel!,
    userland: await lookUpWithDependencies(apt, names.userland, names.leftOut),
    firmware: sorted(firmware),
  };
}

async function lookUpWithDependencies(
  apt: Apt,
  names: readonly string[],
  leftOut: readonly string[] = [],
): Promise<Package[]> {
  const found = new Map<string, Package>();
  let packages = await lookUp(apt, names);
  while (packages.length > 0) {
    for (const entry of packages) found.set(entry.name, entry);
    const depends = packages.flatMap((entry) => entry.depends);
    const needed = new Set(depends.filter((name) => !found.has(name) && !leftOut.includes(name)));
    // Only libraries can be needed by what is taken: the rest of a Depends line is for installing.
    const records = needed.size === 0 ? [] : await apt.records([...needed]);
    packages = records.map(packageOf).filter((entry) => entry.section === "libs");
  }
  return sorted([...found.values()]);
}

async function lookUp(apt: Apt, names: readonly string[]): Promise<Package[]> {
  const found = (await apt.records(names)).map(packageOf);
  const missing = names.filter((name) => !found.some((entry) => entry.name === name));
  if (missing.length === 0) return found;
  throw new Error(`Cannot find the package ${missing.join(", ")}: it is in none of Debian's package lists`);
}

function sorted(packages: readonly Package[]): Package[] {
  return packages.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function packageOf(record: Paragraph): Package {
  const field = (name: string) => record.get(name) ?? "";
  const section = field("section");
  return {
    name: field("package"),
    version: field("version"),
    source: field("source").split(" ")[0] || field("package"),
    maintainer: field("maintainer"),
    homepage: record.get("homepage"),
    section: section.slice(section.indexOf("/") + 1),
    component: section.includes("/") ? section.split("/")[0]! : "main",
    sha256: field("sha256"),
    depends: dependsOf(record),
  };
}

/** The first of each dependency's alternatives, without versions. */
function dependsOf(record: Paragraph | undefined): string[] {
  const lists = [record?.get("pre-depends"), record?.get("depends")].filter((list) => list !== undefined);
  return lists
    .flatMap((list) => list.split(",").map((item) => item.trim().split(/[ :(|]/)[0]!))
    .filter(Boolean);
}
