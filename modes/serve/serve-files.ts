/** What a node boots other nodes with: the folder that the first stage takes over, and what is in it. */

/** Absolute, below the root of the node. */
export const SERVE_FOLDER = "/srv";

/** Paths below the folder; programs are in bin/, their libraries in lib/. */
export const SERVE_FILES = {
  /** The files for TFTP and HTTP, all but the initramfs. */
  boot: "boot",
  kernel: "boot/clump/vmlinuz",
  initramfs: "boot/clump/initramfs.img",
  /** Of the initramfs, what is before the packed system and what is behind it. */
  head: "initramfs.head",
  tail: "initramfs.tail",
  /** Bytes of the packed system, and SHA-256 of the whole initramfs, as text. */
  size: "initramfs.size",
  digest: "initramfs.sha256",
  /** Options for nodes; from an archive of the user's own, if at all. */
  nodes: "nodes.conf",
} as const;

/** The same as an archive on the media of a release, and the file that has its SHA-256. */
export const MEDIUM_FILES = { archive: "clump/serve.img", sums: "clump/SHA256SUMS" } as const;

/** Where they are while they are taken from a medium, and where that is mounted; both are gone afterwards. */
export const TAKING = { folder: `${SERVE_FOLDER}.partial`, medium: "/run/clump/medium" } as const;
