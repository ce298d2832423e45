import { beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOST_TOOLS_BYTES } from "../../assets/archives/tools.ts";
import { run } from "../../assets/build/run.ts";
import { writeIso } from "../../assets/iso/iso.ts";
import { buildMedia, type Media } from "./media.ts";

let media: Media;

beforeAll(async () => {
  media = await buildMedia();
}, 300_000);

test("written again, the ISO has the same bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "clump-iso-"));
  try {
    const again = join(folder, "again.iso");
    await writeIso(again, { image: media.image, loaders: media.loaders });
    expect(readFileSync(again).equals(readFileSync(media.iso))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("isoinfo finds the files, and their digests are those of SHA256SUMS", async () => {
  const listing = await run("list the ISO", ["isoinfo", "-R", "-f", "-i", media.iso]);
  for (const path of [
    "/clump/vmlinuz",
    "/clump/initramfs.img",
    "/clump/slurm.img",
    "/clump/tools.img",
    "/EFI/BOOT/BOOTX64.EFI",
    "/boot/grub/grub.cfg",
  ])
    expect(listing.split("\n")).toContain(path);
  const command = ["sh", "-c", `isoinfo -R -i "$1" -x /clump/vmlinuz | sha256sum`, "sh", media.iso];
  const digest = (await run("take the kernel out of the ISO", command)).split(" ")[0]!;
  const sums = await run("take the sums", ["isoinfo", "-R", "-i", media.iso, "-x", "/clump/SHA256SUMS"]);
  expect(sums).toContain(`${digest}  vmlinuz`);
});

test("the tools are small enough for a node with 256 MB of memory", () => {
  expect(statSync(media.image.tools).size).toBeLessThanOrEqual(MOST_TOOLS_BYTES);
});

test("GRUB reads the menu", async () => {
  const read = 'isoinfo -R -i "$1" -x /boot/grub/grub.cfg | grub-script-check';
  expect(await run("check the menu", ["sh", "-c", read, "sh", media.iso])).toBe("");
});

test("xorriso reports boot images for BIOS and UEFI, a master boot record and a GPT", async () => {
  const command = [
    "xorriso",
    "-indev",
    media.iso,
    "-report_el_torito",
    "plain",
    "-report_system_area",
    "plain",
  ];
  const report = await run("report on the ISO", command);
  expect(report).toMatch(/El Torito boot img : +1 +BIOS +y/);
  expect(report).toMatch(/El Torito boot img : +2 +UEFI +y/);
  expect(report).toMatch(/System area summary: MBR protective-msdos-label grub2-mbr .*GPT/);
  expect(report).toMatch(/GPT type GUID +: +2 +28732ac11ff8d211ba4b00a0c93ec93b/);
});

test("mtools reads the EFI partition where the GPT says it is", async () => {
  const report = await run("report on the ISO", [
    "xorriso",
    "-indev",
    media.iso,
    "-report_system_area",
    "plain",
  ]);
  const start = Number(/GPT start and size : +2 +(\d+)/.exec(report)?.[1]);
  const at = `${media.iso}@@${start * 512}`;
  const listing = await run("list the EFI partition", ["mdir", "-b", "-/", "-i", at, "::"]);
  const files = listing.split("\n").filter((line) => line !== "" && !line.endsWith("/"));
  expect(files.toSorted()).toEqual([
    "::/EFI/BOOT/BOOTX64.EFI",
    "::/EFI/BOOT/grubx64.efi",
    "::/boot/grub/grub.cfg",
  ]);
});
