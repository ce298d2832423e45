/** A part of the image that is packed apart from the system, and mounted when a person or a program first wants it. */

/** A file of a package: where it lies there, with or without its usr, and where in the image. */
export interface PackageFile {
  readonly package: string;
  readonly from: string;
  readonly to: string;
}

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
