/** The bill of materials, as SPDX 2.3 JSON (https://spdx.github.io/spdx-spec/v2.3/). */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/project.ts";
import type { PackageCache } from "../packages/package-cache.ts";
import type { Package, Resolution } from "../packages/packages.ts";
import { RUNTIME_PACKAGE } from "./program.ts";
import type { TreeReport } from "./tree.ts";

interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly license?: string; readonly dev?: boolean }>
  >;
}

/** Lists every Debian package that a file was taken from, the runtime, and what is compiled into the program. */
export function formatSbom(
  resolution: Resolution,
  tree: TreeReport,
  cache: Pick<PackageCache, "folder">,
  modified: number,
): string {
  const all = [resolution.kernel, ...resolution.userland, ...resolution.firmware];
  const debian = all.filter(({ name }) => tree.packages.includes(name));
  const packages = [
    programPackage(),
    ...debian.map((entry) => debianPackage(entry, readLicenses(entry, cache))),
    ...npmPackages().map(npmPackage),
  ];
  const contents = packages.map((entry) => entry.SPDXID).slice(1);
  const digest = new Bun.CryptoHasher("sha256").update(JSON.stringify(packages)).digest("hex");
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "clump",
    documentNamespace: `https://spdx.org/spdxdocs/clump-${digest.slice(0, 32)}`,
    creationInfo: {
      created: new Date(modified * 1000).toISOString().replace(".000", ""),
      creators: ["Tool: clump"],
    },
    packages,
    relationships: [
      relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-clump"),
      ...contents.map((id) => relationship("SPDXRef-clump", "CONTAINS", id)),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function relationship(from: string, type: string, to: string) {
  return { spdxElementId: from, relationshipType: type, relatedSpdxElement: to };
}

function common(id: string, name: string, version: string, purl: string) {
  return {
    SPDXID: `SPDXRef-${id.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`,
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    copyrightText: "NOASSERTION",
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
  };
}

function programPackage() {
  const { version, license } = readJson<{ version: string; license: string }>("package.json");
  return { ...common("clump", "clump", version, `pkg:generic/clump@${version}`), licenseDeclared: license };
}

function debianPackage(entry: Package, licenses: readonly string[]) {
  const version = encodeURIComponent(entry.version);
  const upstream = entry.source === entry.name ? "" : `&upstream=${entry.source}`;
  const purl = `pkg:deb/debian/${entry.name}@${version}?arch=amd64${upstream}`;
  return {
    ...common(`deb-${entry.name}`, entry.name, entry.version, purl),
    supplier: supplier(entry.maintainer),
    ...(entry.homepage === undefined ? {} : { homepage: entry.homepage }),
    checksums: [{ algorithm: "SHA256", checksumValue: entry.sha256 }],
    licenseDeclared: "NOASSERTION",
    ...(licenses.length === 0 ? {} : { licenseComments: `debian/copyright names: ${licenses.join(", ")}` }),
  };
}

/** A maintainer as "Name <address>", most often a team, in SPDX's words. */
function supplier(maintainer: string): string {
  const kind = /team|group|maintainers|debian /i.test(maintainer) ? "Organization" : "Person";
  return `${kind}: ${maintainer.replace(/\s*<(.*)>/, " ($1)")}`;
}

/** Short names of the licences in a machine-readable debian/copyright; none where it is prose. */
function readLicenses(entry: Package, cache: Pick<PackageCache, "folder">): string[] {
  const path = join(cache.folder(entry), "usr/share/doc", entry.name, "copyright");
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  if (!/^Format:/m.test(text)) return [];
  const names = [...text.matchAll(/^License:[ \t]*(\S.*)$/gm)].map(([, name = ""]) => name.trim());
  return [...new Set(names)].sort();
}

function npmPackage({ name, version, license }: NpmPackage) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { ...common(`npm-${name}-${version}`, name, version, purl), licenseDeclared: license };
}

/** The runtime, and the packages that are not for development only; each version once. */
function npmPackages(): NpmPackage[] {
  const { packages } = readJson<Lock>("package-lock.json");
  const found = new Map<string, NpmPackage>();
  for (const [path, { version, license, dev }] of Object.entries(packages)) {
    const name = path.replace(/^.*node_modules\//, "");
    if (path === "" || version === undefined || (dev === true && name !== RUNTIME_PACKAGE)) continue;
    found.set(`${name}@${version}`, { name, version, license: license ?? "NOASSERTION" });
  }
  return [...found.values()];
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(ROOT, name), "utf8")) as T;
}
