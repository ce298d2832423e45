/** GRUB as one file for a BIOS, for a CD and for a disk. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../build/run.ts";
import type { Loaders } from "./loaders.ts";

/** What the menu and our checks are made of; the image holds them, so that nothing is looked for elsewhere. */
const MODULES = [
  ...["biosdisk", "iso9660", "part_msdos", "part_gpt", "fat"],
  ...["normal", "configfile", "test", "echo", "cat", "ls", "sleep", "minicmd", "help", "reboot", "halt"],
  ...["linux", "search", "search_fs_file", "keystatus", "serial", "terminal", "hashsum", "gcry_sha256"],
  ...["all_video", "video", "vbe", "vga", "video_bochs", "video_cirrus", "gfxterm"],
];

export interface GrubImageOptions {
  /** Commands that run before anything else, while the console is the firmware's. */
  readonly first: readonly string[];
  /** Where GRUB's files are on what it is started from. */
  readonly prefix: string;
}

/** Writes the image to `path`. @throws Error */
export async function writeGrubImage(
  path: string,
  loaders: Loaders,
  options: GrubImageOptions,
): Promise<void> {
  const { first, prefix } = options;
  const folder = mkdtempSync(join(tmpdir(), "clump-grub-"));
  try {
    const config = join(folder, "first.cfg");
    writeFileSync(config, `${first.join("\n")}\n`);
    const modules = dirname(loaders.file("grub-pc-bin", "usr/lib/grub/i386-pc/moddep.lst"));
    await run("make GRUB's image", [
      "grub-mkimage",
      ...[
        "--directory",
        modules,
        "--format",
        "i386-pc-eltorito",
        "--prefix",
        prefix,
        "--config",
        config,
        "--output",
        path,
      ],
      ...MODULES,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
