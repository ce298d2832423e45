/** One hybrid image: a CD and a USB disk, for BIOS and for UEFI. */

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { helpPage } from "../../modes/serve/entries.ts";
import { MEDIUM_FILES } from "../../modes/serve/serve-files.ts";
import { SLURM_IMAGE } from "../../modes/serve/slurm-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import { buildTime } from "../build/build-time.ts";
import { run } from "../build/run.ts";
import type { Image } from "../image/ensure.ts";
import { writeEfiPartition } from "../loaders/efi-partition.ts";
import { writeGrubImage } from "../loaders/grub-image.ts";
import type { Loaders } from "../loaders/loaders.ts";
import { writeServeArchive } from "../serve/archive.ts";
import { formatGrubConfig, GRUB_HELP, NODE_SUMS } from "./grub-config.ts";
import { LANGUAGE, menuWords } from "./menu-words.ts";

export interface IsoInputs {
  readonly image: Image;
  readonly loaders: Loaders;
}

/** Where the node's files are on the medium. */
const FILES = "/clump";

/** What the signed GRUB has not within it for computing digests. */
const DIGEST_MODULES = ["crypto", "gcry_sha256", "hashsum"];

/** Writes the image to `path`; equal inputs give equal bytes. @throws Error */
export async function writeIso(path: string, inputs: IsoInputs): Promise<{ readonly bytes: number }> {
  mkdirSync(dirname(path), { recursive: true });
  const folder = mkdtempSync(`${path}.`);
  try {
    const tree = join(folder, "tree");
    const medium = layOut(tree, inputs);
    const bios = join(tree, "boot/grub/bios.img");
    const first = findMedium(medium);
    await writeGrubImage(bios, inputs.loaders, { first, prefix: "/boot/grub" });
    const efi = join(folder, "efi.img");
    await writeEfi(efi, { folder, tree, medium });
    await pack(path, { tree, efi, medium, loaders: inputs.loaders });
    return { bytes: statSync(path).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Commands of GRUB that make this medium the root, wherever it is plugged in and whatever is beside it. */
function findMedium(medium: string): string[] {
  return [`search --no-floppy --set=root --file ${FILES}/${medium}`, "set prefix=($root)/boot/grub"];
}

/** Lays out the files and returns the medium's identity: 32 hexadecimal digits that its contents decide. */
function layOut(tree: string, { image, loaders }: IsoInputs): string {
  const put = (to: string, from: string) => place(join(tree, to), from);
  put("clump/vmlinuz", image.kernel);
  put("clump/initramfs.img", image.initramfs);
  put(TOOLS_FILES.medium, image.tools);
  put(`clump/${SLURM_IMAGE}`, image.slurm);
  writeServeArchive(join(tree, MEDIUM_FILES.archive), { image, loaders });
  put("boot/memtest.bin", loaders.file("memtest86+", "boot/memtest86+x64.bin"));
  put("boot/memtest.efi", loaders.file("memtest86+", "boot/memtest86+x64.efi"));
  put("EFI/BOOT/BOOTX64.EFI", loaders.file("shim-signed", "usr/lib/shim/shimx64.efi.signed"));
  const signed = "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed";
  put("EFI/BOOT/grubx64.efi", loaders.file("grub-efi-amd64-signed", signed));
  for (const module of DIGEST_MODULES) {
    const from = loaders.file("grub-efi-amd64-bin", `usr/lib/grub/x86_64-efi/${module}.mod`);
    put(`boot/grub/x86_64-efi/${module}.mod`, from);
  }
  const memoryTest = { pc: "/boot/memtest.bin", efi: "/boot/memtest.efi" };
  const config = formatGrubConfig({ files: FILES, memoryTest });
  writeFileSync(join(tree, "boot/grub/grub.cfg"), config);
  writeFileSync(join(tree, "boot/grub/help.txt"), helpPage(GRUB_HELP));
  mkdirSync(join(tree, "boot/grub/locale"));
  writeFileSync(join(tree, `boot/grub/locale/${LANGUAGE}.mo`), menuWords());
  const line = (name: string) => `${digestOf(join(tree, "clump", name))}  ${name}\n`;
  const node = [line("initramfs.img"), line("vmlinuz")];
  const sums = [...node, line("serve.img"), line(SLURM_IMAGE), line(TOOLS_FILES.name)].join("");
  writeFileSync(join(tree, MEDIUM_FILES.sums), sums);
  writeFileSync(join(tree, "clump", NODE_SUMS), node.join(""));
  const medium = new Bun.CryptoHasher("sha256").update(config).update(sums).digest("hex").slice(0, 32);
  writeFileSync(join(tree, "clump", medium), "");
  return medium;
}

/** The EFI partition holds the loaders alone, and a configuration that leads to the menu on the medium. */
async function writeEfi(
  path: string,
  { folder, tree, medium }: { readonly folder: string; readonly tree: string; readonly medium: string },
): Promise<void> {
  const config = join(folder, "grub.cfg");
  writeFileSync(config, [...findMedium(medium), "configfile $prefix/grub.cfg", ""].join("\n"));
  const loader = (name: string) => ({ path: `EFI/BOOT/${name}`, from: join(tree, "EFI/BOOT", name) });
  const files = [loader("BOOTX64.EFI"), loader("grubx64.efi"), { path: "boot/grub/grub.cfg", from: config }];
  await writeEfiPartition(path, files, medium.slice(0, 8));
}

interface PackInputs {
  readonly tree: string;
  readonly efi: string;
  readonly medium: string;
  readonly loaders: Loaders;
}

/** The options are those of grub-mkrescue's hybrid, with every time and identity given. */
async function pack(path: string, { tree, efi, medium, loaders }: PackInputs): Promise<void> {
  const mbr = loaders.file("grub-pc-bin", "usr/lib/grub/i386-pc/boot_hybrid.img");
  const bios = ["-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table"];
  const uefi = ["-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"];
  const seconds = buildTime();
  const date = isoDate(seconds);
  setTimes(tree, seconds);
  const command = [
    ...[
      "xorriso",
      "-iso_nowtime",
      date,
      "-as",
      "mkisofs",
      "-quiet",
      "-r",
      "-J",
      "-joliet-long",
      "-V",
      "CLUMP",
      "-o",
      path,
    ],
    ...["--gpt_disk_guid", medium, `--modification-date=${date}`, "--set_all_file_dates", "set_to_mtime"],
    ...["-c", "boot/boot.cat"],
    ...[...bios, "--grub2-boot-info", "--grub2-mbr", mbr],
    ...["-partition_offset", "16", "-append_partition", "2", "0xef", efi, "-appended_part_as_gpt", ...uefi],
    tree,
  ];
  await run("write the ISO", command, { env: { TZ: "UTC" } });
}

/** Seconds since 1970 as ECMA-119, section 8.4.26.1 writes them, to the hundredth. */
function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/\D/g, "").slice(0, 16);
}

function digestOf(path: string): string {
  return new Bun.CryptoHasher("sha256").update(readFileSync(path)).digest("hex");
}

function place(to: string, from: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function setTimes(folder: string, seconds: number): void {
  const names = readdirSync(folder, { recursive: true }).map(String);
  for (const name of [...names, "."]) utimesSync(join(folder, name), seconds, seconds);
}
