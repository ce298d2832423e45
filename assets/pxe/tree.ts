/** The folder that a TFTP or HTTP server gives to nodes without a medium. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BOOT_FILES } from "../../modes/serve/boot-files.ts";
import { type MenuInputs, writeMenu } from "../../modes/serve/menu.ts";
import { SLURM_IMAGE } from "../../modes/serve/slurm-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import type { Image } from "../image/ensure.ts";
import type { LoaderPackage, Loaders } from "../loaders/loaders.ts";

/** Where the loader of each file comes from. */
export const LOADER_FILES: readonly (readonly [to: string, name: LoaderPackage, path: string])[] = [
  // The variants of iPXE that use the firmware's own driver, of the card that they were loaded by.
  [BOOT_FILES.bios, "ipxe", "usr/lib/ipxe/undionly.kpxe"],
  [BOOT_FILES.uefi, "ipxe", "usr/lib/ipxe/snponly.efi"],
];

export interface BootFiles {
  readonly image: Image;
  readonly loaders: Loaders;
}

export interface PxeInputs extends MenuInputs, BootFiles {}

/** Makes the folder anew. @throws Error */
export async function writePxeTree(folder: string, inputs: PxeInputs): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  placeBootFiles(folder, inputs);
  writePxeMenu(folder, inputs);
}

/** Places all but the menu. */
export function placeBootFiles(folder: string, { image, loaders }: BootFiles): void {
  place(join(folder, "clump/vmlinuz"), image.kernel);
  place(join(folder, "clump/initramfs.img"), image.initramfs);
  place(join(folder, TOOLS_FILES.medium), image.tools);
  place(join(folder, "clump", SLURM_IMAGE), image.slurm);
  for (const [to, name, path] of LOADER_FILES) place(join(folder, to), loaders.file(name, path));
}

/** Writes the menu and the checksums. */
export function writePxeMenu(folder: string, inputs: MenuInputs): void {
  writeMenu(folder, inputs);
  writeFileSync(join(folder, "SHA256SUMS"), sums(folder));
}

function sums(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "SHA256SUMS")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const line = (path: string) => {
    const digest = new Bun.CryptoHasher("sha256").update(readFileSync(join(folder, path))).digest("hex");
    return `${digest}  ${path}\n`;
  };
  return paths.sort().map(line).join("");
}

function place(to: string, from: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
