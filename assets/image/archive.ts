/** A part of the image that is packed apart from the system, and mounted when a person or a program first wants it. */

import type { PackageFile } from "./userland.ts";

/** An archive costs a node the memory of its packed bytes until it is mounted, and nothing once it is dropped. */
export interface Archive {
  /** The archive is NAME.squashfs in the initramfs; `/usr/lib/clump/archive mount NAME` mounts it. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Files of the packages, `to` as in the system: the system has a link there, which leads into the archive. */
  readonly files: readonly PackageFile[];
  /** Our own files by their path below assets/rootfs/NAME, and their path in the archive. */
  readonly ownFiles: Readonly<Record<string, string>>;
}

/** The folder of the system that an archive is mounted on. */
export function mountPoint({ name }: Pick<Archive, "name">): string {
  return `usr/lib/clump/${name}`;
}
