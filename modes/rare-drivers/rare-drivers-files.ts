/** Where the archive of rare drivers lies: in the initramfs, and on a node. */

export const RARE_DRIVERS_FILES = {
  name: "rare-drivers",
  /** In the initramfs, whose last file it is. */
  packed: "rare-drivers.squashfs",
  /** In the image: SHA-256 and size in bytes of the archive of the same build, on one line. */
  sum: "/usr/lib/clump/rare-drivers.sum",
  /** The archive in the memory of a node that has brought it back. */
  memory: "/var/rare-drivers.squashfs",
  /** The mount point. */
  folder: "/usr/lib/clump/rare-drivers",
} as const;

/** Bytes of the initramfs behind the archive: the end of a cpio of the newc format. */
export const BYTES_BEHIND = 124;
