/** A unified kernel image: one EFI program that is kernel, initramfs and a default command line. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KERNEL_WORDS } from "../../modes/serve/entries.ts";
import { run } from "../build/run.ts";
import type { Image } from "../image/ensure.ts";
import type { Loaders } from "../loaders/loaders.ts";

export interface UkiInputs {
  readonly image: Image;
  readonly loaders: Loaders;
  /** Ours, as "7.0.0". */
  readonly version: string;
}

/** Where the sections lie in memory: far enough apart for what is in them, and beyond the stub's own. */
const ADDRESSES = { osrel: 0x20000, cmdline: 0x30000, linux: 0x2000000, initrd: 0x4000000 };

/**
 * Writes the image to `path`; equal inputs give equal bytes. The command line within is a default: systemd-stub(7)
 * takes the words of the boot entry or of the firmware instead where there are any. @throws Error
 */
export async function writeUki(path: string, { image, loaders, version }: UkiInputs): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "clump-uki-"));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const sections = {
      osrel: write("osrel", formatOsRelease(version)),
      cmdline: write("cmdline", `${KERNEL_WORDS}\0`),
      linux: image.kernel,
      initrd: image.initramfs,
    };
    const stub = loaders.file("systemd-boot-efi", "usr/lib/systemd/boot/efi/linuxx64.efi.stub");
    const added = Object.entries(sections).flatMap(([name, file]) => [
      ...["--add-section", `.${name}=${file}`],
      ...["--change-section-vma", `.${name}=0x${ADDRESSES[name as keyof typeof sections].toString(16)}`],
    ]);
    await run("make the unified kernel image", ["objcopy", ...added, stub, path]);
    await clearTimestamp(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Blanks what objcopy writes of the time it ran at: TimeDateStamp of the COFF header, and CheckSum of the optional
 * header, which covers it and which UEFI does not look at. Both are behind the signature that e_lfanew points to.
 */
async function clearTimestamp(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0x3c);
  for (const offset of [8, 88]) await file.write(Buffer.alloc(4), 0, 4, buffer.readUInt32LE() + offset);
}

/** What menus show of it; os-release(5). */
export function formatOsRelease(version: string): string {
  const fields = { ID: "clump", NAME: "clump", VERSION_ID: version, PRETTY_NAME: `clump ${version}` };
  return Object.entries(fields)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
