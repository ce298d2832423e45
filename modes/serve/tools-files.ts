/** Where the archive of the tools lies: in a build, on a medium, on a boot server and on a node. */

export const TOOLS_FILES = {
  /** Beside vmlinuz and initramfs.img. */
  name: "tools.img",
  /** On a CD or USB stick, and below the folder of a boot server. */
  medium: "clump/tools.img",
  /** In the image: SHA-256 and size in bytes of the archive of the same build, on one line. */
  sum: "/usr/lib/clump/tools.sum",
  /** The archive in the memory of a node, on the root file system, which has the most room. */
  memory: "/var/tools.img",
  /** The mount point. */
  folder: "/usr/lib/clump/tools",
  /** The serial number of the virtual disk that holds the archive and nothing else; 20 characters at most. */
  disk: "clump-tools",
} as const;

/** The option of the kernel command line for the URL of the archive; a boot server writes the option into its menus. */
export const TOOLS_OPTION = "clump.tools";
