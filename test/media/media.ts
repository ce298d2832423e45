/** What the suite boots. */

import { join } from "node:path";
import { ensureImage, type Image } from "../../assets/image/ensure.ts";
import { DIST } from "../../assets/image/project.ts";
import { writeIso } from "../../assets/iso/iso.ts";
import { type Loaders, prepareLoaders } from "../../assets/iso/loaders.ts";

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
  const image = kernel && initramfs ? { kernel, initramfs } : await ensureImage();
  return { image, loaders: await prepareLoaders() };
}

/** All that, and an ISO of it. */
export async function buildMedia(name: string): Promise<Media> {
  const { image, loaders } = await findImage();
  const iso = join(DIST, "test", `${name}.iso`);
  await writeIso(iso, { ...image, loaders });
  return { image, loaders, iso };
}
