/** What the suite boots. */

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fingerprint, fingerprintFiles } from "../../assets/build/fingerprint.ts";
import { withCacheLock } from "../../assets/build/lock.ts";
import { DIST } from "../../assets/build/project.ts";
import { ensureImage, type Image, imageIn } from "../../assets/image/ensure.ts";
import { writeIso } from "../../assets/iso/iso.ts";
import { type Loaders, prepareLoaders } from "../../assets/loaders/loaders.ts";

export interface Media {
  readonly image: Image;
  readonly loaders: Loaders;
  /** The finished ISO. */
  readonly iso: string;
}

/** The image and the boot loaders; `VM_KERNEL` and `VM_INITRD` name another image than that of the tree. */
export async function findImage(): Promise<Omit<Media, "iso">> {
  const kernel = process.env["VM_KERNEL"];
  const initramfs = process.env["VM_INITRD"];
  const [image, loaders] = await Promise.all([
    kernel && initramfs ? { ...imageIn(dirname(initramfs)), kernel, initramfs } : ensureImage(),
    prepareLoaders(),
  ]);
  return { image, loaders };
}

/** All that, and an ISO of it, which the first file of the suite writes for all. */
export async function buildMedia(): Promise<Media> {
  const { image, loaders } = await findImage();
  const iso = join(DIST, "test", "media.iso");
  await withCacheLock("build", async () => {
    const inputs = fingerprint(
      Object.values(image).map((path) => [path, statSync(path).mtimeMs]),
      [loaders.versions, fingerprintFiles(["assets", "modes"]), process.env["SOURCE_DATE_EPOCH"]],
    );
    const note = `${iso}.inputs`;
    if (existsSync(iso) && existsSync(note) && readFileSync(note, "utf8") === inputs) return;
    rmSync(note, { force: true });
    await writeIso(iso, { image, loaders });
    writeFileSync(note, inputs);
  });
  return { image, loaders, iso };
}
