/** The folder of the boot server on a node, and the files in it. */

import { PATHS } from "../../system/state/paths.ts";
import { TOOLS_FILES } from "./tools-files.ts";

/** Absolute, below the root of the node. */
export const SERVE_FOLDER = "/srv";

/** Paths relative to the folder; programs are in bin/, their libraries in lib/. */
export const SERVE_FILES = {
  /** The files for TFTP and HTTP, complete but for the initramfs. */
  boot: "boot",
  kernel: "boot/clump/vmlinuz",
  initramfs: "boot/clump/initramfs.img",
  tools: `boot/${TOOLS_FILES.medium}`,
  /** The parts of the initramfs before the packed system, between it and the packed rare drivers, and behind these. */
  head: "initramfs.head",
  middle: "initramfs.middle",
  tail: "initramfs.tail",
  /** The sizes of the packed system and of the packed rare drivers in bytes, on a line each. */
  size: "initramfs.size",
  /** The SHA-256 of the whole initramfs, as text. */
  digest: "initramfs.sha256",
  /** Options for nodes; only an archive of the user's own has this file. */
  nodes: "nodes.conf",
} as const;

/** The archive of these files on the media of a release, the file with its SHA-256, and what such a medium boots. */
export const MEDIUM_FILES = {
  archive: "clump/serve.img",
  sums: "clump/SHA256SUMS",
  initramfs: "clump/initramfs.img",
} as const;

/** Folders that exist while the files are taken from a medium: for the files, and the mount point. */
export const TAKING = { folder: `${SERVE_FOLDER}.partial`, medium: PATHS.medium } as const;
