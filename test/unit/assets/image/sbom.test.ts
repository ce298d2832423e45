import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSbom } from "../../../../assets/image/sbom.ts";
import type { Package } from "../../../../assets/packages/packages.ts";

const folder = mkdtempSync(join(tmpdir(), "clump-sbom-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = (name: string, maintainer: string): Package => ({
  name,
  version: "1:3.9.0-4",
  source: name === "libpci3" ? "pciutils" : name,
  maintainer,
  homepage: undefined,
  section: "libs",
  component: "main",
  sha256: "ab".repeat(32),
  depends: [],
});

const RESOLUTION = {
  kernel: entry("linux-image-6.1.0-50-amd64", "Debian Kernel Team <debian-kernel@lists.debian.org>"),
  userland: [
    entry("libpci3", "Guillem Jover <guillem@debian.org>"),
    entry("unused", "Nobody <nobody@debian.org>"),
  ],
  firmware: [],
};
const TREE = {
  release: "6.1.0-50-amd64",
  modules: 1,
  packages: ["libpci3", "linux-image-6.1.0-50-amd64"],
  missingModules: [],
  firmware: [],
};
mkdirSync(join(folder, "libpci3/usr/share/doc/libpci3"), { recursive: true });
writeFileSync(
  join(folder, "libpci3/usr/share/doc/libpci3/copyright"),
  "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+\n",
);

interface Document {
  readonly spdxVersion: string;
  readonly creationInfo: { readonly created: string };
  readonly packages: readonly Record<string, unknown>[];
  readonly relationships: readonly { readonly relatedSpdxElement: string }[];
}

const cache = { folder: ({ name }: Package) => join(folder, name) };
const text = formatSbom(RESOLUTION, TREE, cache, 1_700_000_000);
const document = JSON.parse(text) as Document;
const named = (name: string) => document.packages.find((one) => one["name"] === name);

test("formatSbom() describes a Debian package by version, supplier, digest, licence and purl", () => {
  expect(named("libpci3")).toMatchObject({
    SPDXID: "SPDXRef-deb-libpci3",
    versionInfo: "1:3.9.0-4",
    supplier: "Person: Guillem Jover (guillem@debian.org)",
    checksums: [{ algorithm: "SHA256", checksumValue: "ab".repeat(32) }],
    licenseComments: "debian/copyright names: GPL-2+",
    externalRefs: [{ referenceLocator: "pkg:deb/debian/libpci3@1%3A3.9.0-4?arch=amd64&upstream=pciutils" }],
  });
  expect(named("linux-image-6.1.0-50-amd64")?.["supplier"]).toStartWith("Organization: Debian Kernel Team");
});

test("formatSbom() lists only packages that a file was taken from", () => {
  expect(named("unused")).toBeUndefined();
});

test("formatSbom() lists the runtime and what is compiled in, and no development package", () => {
  const names = document.packages.map((one) => one["name"]);
  expect(names).toContain("yargs");
  expect(names).toContain("@oven/bun-linux-x64-baseline");
  expect(names).not.toContain("typescript");
});

test("formatSbom() has a fixed time and a name that its contents give, so that equal builds are equal", () => {
  expect(document.spdxVersion).toBe("SPDX-2.3");
  expect(document.creationInfo.created).toBe("2023-11-14T22:13:20Z");
  expect(formatSbom(RESOLUTION, TREE, cache, 1_700_000_000)).toBe(text);
});

test("formatSbom() relates every package, by an id of its own that SPDX allows", () => {
  const ids = document.packages.map((one) => String(one["SPDXID"]));
  expect(document.relationships.map((one) => one.relatedSpdxElement).sort()).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toEqual([]);
});
