/** The two packages of a workstation, made from one tree: a .deb and a .tar.xz with an install script. */

import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../build/run.ts";
import { HERE, layOut, MAINTAINER, type TreeOptions } from "./tree.ts";

const SCRIPTS = ["postinst", "prerm", "postrm"];

export interface PackageOptions extends Omit<TreeOptions, "debianVersion"> {
  readonly out: string;
  /** Without compression, for tests. */
  readonly fast: boolean;
}

export interface Packages {
  readonly deb: string;
  readonly archive: string;
}

/** "7.0.0~alpha.1", which is before 7.0.0: deb-version(7). */
export function debianVersionOf(version: string): string {
  return version.replace("-", "~");
}

/** Equal inputs give equal bytes. @throws Error */
export async function makePackages(options: PackageOptions): Promise<Packages> {
  const { out, version } = options;
  const debianVersion = debianVersionOf(version);
  const work = join(out, "deb.partial");
  rmSync(work, { recursive: true, force: true });
  const tree = join(work, `clump-${version}/files`);
  mkdirSync(tree, { recursive: true });
  await layOut(tree, { ...options, debianVersion });
  const packages = {
    deb: join(out, `clump_${debianVersion}_amd64.deb`),
    archive: join(out, `clump-${version}-linux-x64.tar.xz`),
  };
  await makeArchive(packages.archive, work, options);
  await makeDeb(packages.deb, tree, { ...options, debianVersion });
  rmSync(work, { recursive: true });
  return packages;
}

async function makeArchive(to: string, work: string, { version, time, fast }: PackageOptions): Promise<void> {
  const name = `clump-${version}`;
  copyFileSync(join(HERE, "install.sh"), join(work, name, "install.sh"));
  chmodSync(join(work, name, "install.sh"), 0o755);
  for (const path of ["", "files"]) chmodSync(join(work, name, path), 0o755);
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name", `--mtime=@${time}`];
  const format = ["--format=ustar", ...(fast ? [] : ["--use-compress-program=xz -6 -T1"])];
  await run("write the archive", ["tar", ...owner, ...format, "-cf", to, "-C", work, name]);
}

async function makeDeb(
  to: string,
  tree: string,
  options: PackageOptions & { readonly debianVersion: string },
): Promise<void> {
  const folder = join(tree, "DEBIAN");
  const sums = md5sums(tree);
  mkdirSync(folder);
  writeFileSync(join(folder, "control"), control(options.debianVersion, bytesBelow(tree)));
  writeFileSync(join(folder, "conffiles"), "/etc/clump.conf\n");
  writeFileSync(join(folder, "md5sums"), sums);
  for (const name of SCRIPTS) {
    cpSync(join(HERE, "debian", name), join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
  for (const name of ["control", "conffiles", "md5sums"]) chmodSync(join(folder, name), 0o644);
  for (const path of [folder, tree]) chmodSync(path, 0o755);
  // More threads would cut the data in other places.
  const compression = options.fast ? ["-Znone"] : ["-Zxz", "-z6", "--threads-max=1"];
  await run("write the package", ["dpkg-deb", "--root-owner-group", ...compression, "--build", tree, to], {
    env: { SOURCE_DATE_EPOCH: String(options.time) },
  });
}

/** deb-control(5). */
function control(version: string, bytes: number): string {
  const fields = [
    "Package: clump",
    `Version: ${version}`,
    "Architecture: amd64",
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    "Depends: criu, iproute2, kmod, libc6 (>= 2.29), systemd",
    "Recommends: dnsmasq-base",
    "Section: net",
    "Priority: optional",
    "Description: node of a cluster whose processes move",
    " The workstation becomes a node of its network's cluster: its processes go on",
    " running on the other nodes, which boot from CD, USB stick or network and have",
    " nothing installed, and its shells cannot tell.",
  ];
  return `${fields.join("\n")}\n`;
}

function md5sums(tree: string): string {
  const lines = filesBelow(tree).map((path) => {
    const digest = new Bun.CryptoHasher("md5").update(readFileSync(path)).digest("hex");
    return `${digest}  ${path.slice(tree.length + 1)}\n`;
  });
  return lines.join("");
}

function bytesBelow(tree: string): number {
  return filesBelow(tree).reduce((sum, path) => sum + statSync(path).size, 0);
}

function filesBelow(tree: string): string[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/DEBIAN"))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
