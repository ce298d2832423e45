/**
 * What a node needs to boot other nodes, as an archive that a boot loader loads behind the initramfs: the kernel, the
 * loaders, dnsmasq with its libraries, and of the initramfs all but the packed system and the packed rare drivers, which the
 * node has in memory.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { RARE_DRIVERS_FILES } from "../../modes/rare-drivers/rare-drivers-files.ts";
import { SERVE_FILES } from "../../modes/serve/serve-files.ts";
import { type CpioEntry, encodeCpio, findFile } from "../build/cpio.ts";
import { findLibraries } from "../build/libraries.ts";
import { splitInitramfs } from "../build/packed-archive.ts";
import type { Image } from "../image/ensure.ts";
import type { Loaders } from "../loaders/loaders.ts";
import { LOADER_FILES } from "../pxe/tree.ts";

export interface ServeArchiveInputs {
  readonly image: Image;
  readonly loaders: Loaders;
}

const PACKED_SYSTEM = "clump.squashfs";

/** The image has these, for its own programs. */
const LIBRARIES_THERE = "libc6";

/** Writes the archive to `path`; equal inputs give equal bytes. @throws Error */
export function writeServeArchive(path: string, { image, loaders }: ServeArchiveInputs): void {
  const programs = [
    loaders.file("dnsmasq-base", "usr/sbin/dnsmasq"),
    loaders.file("util-linux", "usr/bin/setpriv"),
  ];
  const libraries = findLibraries(programs, loaders.folders).filter(
    (each) => each.package !== LIBRARIES_THERE,
  );
  const initramfs = readFileSync(image.initramfs);
  const { rest } = splitInitramfs(initramfs);
  const system = findFile(rest, PACKED_SYSTEM);
  const drivers = findFile(rest, RARE_DRIVERS_FILES.packed);
  const sizes = [system, drivers].map(({ begin, end }) => `${end - begin}\n`);
  const files: readonly (readonly [to: string, bytes: Uint8Array])[] = [
    [SERVE_FILES.kernel, readFileSync(image.kernel)],
    [SERVE_FILES.tools, readFileSync(image.tools)],
    [SERVE_FILES.head, initramfs.subarray(0, system.begin - rest.length)],
    [SERVE_FILES.middle, rest.subarray(system.end, drivers.begin)],
    [SERVE_FILES.tail, rest.subarray(drivers.end)],
    [SERVE_FILES.size, Buffer.from(sizes.join(""))],
    [SERVE_FILES.digest, Buffer.from(new Bun.CryptoHasher("sha256").update(initramfs).digest("hex"))],
    ...programs.map((file) => [`bin/${basename(file)}`, readFileSync(file)] as const),
    ...libraries.map(({ name, file }) => [`lib/${name}`, readFileSync(file)] as const),
    ...LOADER_FILES.map(
      ([to, name, from]) => [`${SERVE_FILES.boot}/${to}`, readFileSync(loaders.file(name, from))] as const,
    ),
  ];
  const entries = files.map(([to, bytes]): CpioEntry => {
    const mode = to.startsWith("bin/") ? 0o755 : 0o644;
    return { path: `srv/${to}`, type: "file", mode, bytes };
  });
  writeFileSync(path, gzipSync(encodeCpio([...folders(entries), ...entries]), { level: 9 }));
}

/** The folders that files lie in, each once. */
function folders(files: readonly CpioEntry[]): CpioEntry[] {
  const paths = new Set<string>();
  for (const { path } of files)
    for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) paths.add(folder);
  return [...paths].map((path) => ({ path, type: "directory", mode: 0o755 }));
}
