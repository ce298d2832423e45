/** A part of the image that is packed apart from the system, and mounted when a person or a program first wants it. */

/** A file of a package, or a folder with all files in it: where it lies there, with or without its usr, and where in the image. */
export interface PackageFile {
  readonly package: string;
  readonly from: string;
  readonly to: string;
}

/**
 * An archive of the initramfs costs a node the memory of its packed bytes until the node drops the archive. The archive of
 * the tools lies beside the initramfs, and costs a node nothing until `clump tools` loads it.
 */
export interface Archive {
  /** In the initramfs the archive is NAME.squashfs, and `/usr/lib/clump/archive mount NAME` mounts it. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Files of the packages, `to` as in the system: the system has a link there, which leads into the archive. */
  readonly files: readonly PackageFile[];
  /** Patterns of files and folders that the system has by then, below usr: they move into the archive. Default none. */
  readonly moved?: readonly string[];
  /** Our own files by their path below assets/rootfs/NAME, and their path in the archive. */
  readonly ownFiles: Readonly<Record<string, string>>;
  /** Default as the system is packed. What is packed tight takes longer to unpack, and more memory while it is mounted. */
  readonly packing?: "tight";
}

/** The folder of the system that an archive is mounted on. */
export function mountPoint({ name }: Pick<Archive, "name">): string {
  return `usr/lib/clump/${name}`;
}
