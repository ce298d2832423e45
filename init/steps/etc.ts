import { cpSync } from "node:fs";

/** Copies the files for /etc out of the image. A file that is there already is newer than the image's. */
export function fillEtc(root: string): void {
  cpSync(`${root}/usr/share/clump/etc`, `${root}/etc`, { recursive: true, force: false });
}
