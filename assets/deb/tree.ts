/** The files of a workstation, laid out in a folder as they are below /. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { BOOT_FOLDER } from "../../modes/serve/workstation.ts";
import { ROOT } from "../build/project.ts";
import { completions } from "../documents/completions.ts";
import { manPages } from "../documents/man-pages.ts";
import { takeDeputy } from "../image/deputy.ts";
import { copyInto, linkInto } from "../image/place.ts";
import { type BootFiles, placeBootFiles } from "../pxe/tree.ts";
import { overrides } from "./overrides.ts";

const PROGRAM = "usr/lib/clump/clump";
/** The names of the image that a workstation has too; its init, man and menu are others'. */
const NAMES = [
  ...[
    "usr/bin/clump",
    "usr/bin/clumpview",
    "usr/bin/migrate",
    "usr/bin/mosctl",
    "usr/bin/mosmon",
    "usr/bin/mps",
    "usr/bin/mtop",
  ],
  ...[
    "usr/bin/setpe",
    "usr/bin/showmap",
    "usr/sbin/clumpd",
    "usr/sbin/clumpjobs",
    "usr/sbin/clumpserve",
    "usr/sbin/clumpstation",
  ],
];

export const HERE = join(ROOT, "assets/deb");

/** Where systemd of Debian and of other distributions finds units. */
const UNITS = "lib/systemd/system";

export interface TreeOptions {
  /** The compiled program. */
  readonly program: string;
  readonly version: string;
  /** What other PCs boot from this one; absent in packages of tests that boot none. */
  readonly boot?: BootFiles | undefined;
  /** The name of the package's version, which the changelog begins with. */
  readonly debianVersion: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** @throws Error */
export async function layOut(target: string, options: TreeOptions): Promise<void> {
  const { program, version } = options;
  copyInto(target, PROGRAM, program);
  for (const name of NAMES) linkInto(target, name, PROGRAM);
  await takeDeputy(target);
  if (options.boot) placeBoot(target, options.boot);
  copyInto(target, "usr/lib/clump/blink", join(ROOT, "assets/rootfs/blink.sh"));
  for (const name of readdirSync(join(HERE, "systemd")))
    copyInto(target, join(UNITS, name), join(HERE, "systemd", name));
  copyInto(target, "etc/clump.conf", join(HERE, "debian/clump.conf"));
  for (const [name, text] of manPages(version)) {
    const section = name.slice(-1);
    put(target, `usr/share/man/man${section}/${name}.gz`, gzipSync(text, { level: 9 }));
  }
  for (const [path, text] of completions()) put(target, `usr/share/${path}`, text);
  copyInto(target, "usr/share/doc/clump/copyright", join(HERE, "debian/copyright"));
  put(target, "usr/share/doc/clump/changelog.gz", gzipSync(changelog(options), { level: 9 }));
  put(target, "usr/share/lintian/overrides/clump", overrides());
  setModes(target);
}

function placeBoot(target: string, boot: BootFiles): void {
  placeBootFiles(join(target, BOOT_FOLDER), boot);
  const packages = join(dirname(boot.image.initramfs), "sbom.spdx.json");
  put(target, "usr/share/doc/clump/boot.spdx.json.gz", gzipSync(readFileSync(packages), { level: 9 }));
}

function put(target: string, path: string, bytes: string | Uint8Array): void {
  mkdirSync(join(target, dirname(path)), { recursive: true });
  writeFileSync(join(target, path), bytes);
}

/** deb-changelog(5). */
function changelog({ debianVersion, time }: TreeOptions): string {
  const date = new Date(time * 1_000).toUTCString().replace("GMT", "+0000");
  return `clump (${debianVersion}) unstable; urgency=medium\n\n  * CHANGELOG.md of the project tells what is new.\n\n -- ${MAINTAINER}  ${date}\n`;
}

export const MAINTAINER = "The authors of clump <clump@localhost.localdomain>";

/** Programs get 755 and other files 644, whatever the umask is. */
function setModes(target: string): void {
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = /^usr\/(s?bin|lib\/clump)\/[^/]+$/.test(path.slice(target.length + 1));
    if (entry.isDirectory()) chmodSync(path, 0o755);
    if (entry.isFile()) chmodSync(path, isProgram ? 0o755 : 0o644);
  }
}
