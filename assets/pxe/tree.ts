/** The folder that a TFTP or HTTP server gives to nodes without a medium. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Image } from "../image/ensure.ts";
import type { LoaderPackage, Loaders } from "../iso/loaders.ts";
import { formatIpxeScript } from "./ipxe-script.ts";
import type { NodeOptions } from "./nodes.ts";
import { formatPxelinuxConfigs } from "./pxelinux-config.ts";

/** What each kind of firmware is told to fetch; iPXE is a firmware too. */
export const BOOT_FILES = { bios: "pxelinux.0", ipxe: "boot.ipxe" } as const;

/** Where the loader of each file comes from. */
const LOADER_FILES: readonly (readonly [to: string, name: LoaderPackage, path: string])[] = [
  // The variant of PXELINUX that knows HTTP.
  [BOOT_FILES.bios, "pxelinux", "usr/lib/PXELINUX/lpxelinux.0"],
  ["ldlinux.c32", "syslinux-common", "usr/lib/syslinux/modules/bios/ldlinux.c32"],
  ["libutil.c32", "syslinux-common", "usr/lib/syslinux/modules/bios/libutil.c32"],
  ["menu.c32", "syslinux-common", "usr/lib/syslinux/modules/bios/menu.c32"],
];

export interface PxeInputs {
  readonly image: Image;
  readonly loaders: Loaders;
  readonly nodes: NodeOptions;
  /** Where the same folder is served by HTTP, as "http://10.0.0.1"; without it all comes by TFTP. */
  readonly http?: string;
}

/** Makes the folder anew. @throws Error */
export async function writePxeTree(folder: string, inputs: PxeInputs): Promise<void> {
  const { image, loaders } = inputs;
  rmSync(folder, { recursive: true, force: true });
  place(join(folder, "clump/vmlinuz"), image.kernel);
  place(join(folder, "clump/initramfs.img"), image.initramfs);
  for (const [to, name, path] of LOADER_FILES) place(join(folder, to), loaders.file(name, path));
  writePxeMenus(folder, inputs);
}

/** Writes the menus, which is all that depends on the nodes, and the checksums. */
export function writePxeMenus(folder: string, { nodes, http }: Pick<PxeInputs, "nodes" | "http">): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  rmSync(join(folder, "pxelinux.cfg"), { recursive: true, force: true });
  put(BOOT_FILES.ipxe, formatIpxeScript(nodes));
  for (const [name, text] of formatPxelinuxConfigs(nodes, http ? `${http}/clump` : "clump"))
    put(`pxelinux.cfg/${name}`, text);
  put("SHA256SUMS", sums(folder));
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
