/** The entries of the boot menu as data, one list for every loader on media and on the network. */

import { SLURM_IMAGE } from "./slurm-files.ts";

export interface Entry {
  /** For `set default=` of GRUB, and for tests. */
  readonly id: string;
  readonly title: string;
  /** One line beside the title. */
  readonly summary: string;
  /** A paragraph of the help page, in lines of at most 76 columns. */
  readonly help: readonly string[];
  /** Parameters at the end of the kernel command line; empty where the node's options choose the mode. */
  readonly words: string;
  /** Whether the kernel sets a graphics mode for its console, where the firmware offers one. */
  readonly framebuffer: boolean;
  /** An archive that the loader appends to the initramfs. */
  readonly archive?: string;
}

/**
 * The parameter that every kernel command line needs: the initramfs is unpacked into the root, and a root on tmpfs
 * holds no more than half of the memory (Documentation/filesystems/ramfs-rootfs-initramfs.rst).
 */
export const IMAGE_WORDS = "rootfstype=ramfs";

/**
 * Parameters of every entry: the root, and consoles on the serial port and the screen. The screen comes last, so that
 * it is /dev/console (Documentation/admin-guide/serial-console.rst).
 */
export const KERNEL_WORDS = `${IMAGE_WORDS} console=ttyS0,115200 console=tty0`;

/** Seconds until the loader boots the first entry. */
export const MENU_SECONDS = 5;

export const ENTRIES: readonly Entry[] = [
  {
    id: "clumpos",
    title: "ClumpOS",
    summary: "a node of the cluster, shown on every console",
    help: [
      "This PC finds its network card, gets an address by DHCP and becomes a node",
      "of the cluster. Its disks are left alone. ESC on the node shuts it down.",
    ],
    words: "",
    framebuffer: true,
  },
  {
    id: "novnc",
    title: "NoVNC",
    summary: "the same, without a VNC server",
    help: ["As ClumpOS, but nobody can look at this node's screen over the network."],
    words: "clump.mode=novnc",
    framebuffer: true,
  },
  {
    id: "expert",
    title: "Expert",
    summary: "configured, with a shell on every console",
    help: [
      "As ClumpOS, then a shell instead of the screen. Shift, held while the",
      "machine starts, leads here too.",
    ],
    words: "clump.mode=expert",
    framebuffer: true,
  },
  {
    id: "safe",
    title: "Safe",
    summary: "a shell alone, nothing probed",
    help: ["For a machine that hangs in the others: only keyboards get their drivers,", "in text mode."],
    words: "clump.mode=safe",
    framebuffer: false,
  },
];

/** A node that loads the boot server's files into memory. */
const SERVE_ENTRY: Entry = {
  id: "serve",
  title: "Serve",
  summary: "ClumpOS, and boots the other PCs of this network",
  help: ["As ClumpOS, and PCs that start from the network become nodes too."],
  words: "clump.serve",
  framebuffer: true,
  archive: "serve.img",
};

/** A node that loads slurmd too. */
const SLURM_ENTRY: Entry = {
  id: "slurm",
  title: "Slurm",
  summary: "ClumpOS, and takes jobs of a Slurm cluster",
  help: ["As ClumpOS, and takes jobs of Slurm: e adds clump.key= and its server."],
  words: "clump.slurm",
  framebuffer: true,
  archive: SLURM_IMAGE,
};

/** Entries of media alone. */
export const MEDIA_ENTRIES: readonly Entry[] = [SERVE_ENTRY, SLURM_ENTRY];

/** The entry for a held Shift key. */
export const SHIFT_ENTRY = "expert";

/** Title and summary in columns. */
export function menuLine({ title, summary }: Pick<Entry, "title" | "summary">): string {
  return `${title.padEnd(10)}${summary}`;
}

/** The text behind Help of the menu. */
export function helpPage(howToChange: readonly string[]): string {
  const entries = ENTRIES.flatMap(({ title, help }) => ["", title, ...help.map((line) => `  ${line}`)]);
  const more = MEDIA_ENTRIES.map(({ title, help }) => `${title}: ${help.join(" ")}`);
  const heading = "clump: a PC with an x86-64-v2 processor (2009 or later) becomes a node";
  return [heading, ...entries, "", ...more, "", ...howToChange, ""].join("\n");
}
