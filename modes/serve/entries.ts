/** What a boot menu offers, as data: one list for every loader, on media and on the network. */

export interface Entry {
  /** For `set default=` and for tests. */
  readonly id: string;
  readonly title: string;
  /** One line beside the title. */
  readonly summary: string;
  /** A paragraph for the help page, in lines of at most 76 columns. */
  readonly help: readonly string[];
  /** What this entry adds to the kernel command line, after all else; nothing leaves the mode to the node's options. */
  readonly words: string;
  /** Whether the kernel gets a graphics mode for its console, where the firmware has one. */
  readonly framebuffer: boolean;
  /** An archive beside the initramfs, loaded behind it. */
  readonly archive?: string;
}

/**
 * What the image wants of every kernel command line: its archive unpacks into the root, and a tmpfs root takes
 * no more than half of the memory (Documentation/filesystems/ramfs-rootfs-initramfs.rst).
 */
export const IMAGE_WORDS = "rootfstype=ramfs";

/**
 * Words that every entry begins with: an image that unpacks in less memory, and a console on the serial port and the
 * screen; the screen comes last, so that it is /dev/console (Documentation/admin-guide/serial-console.rst).
 */
export const KERNEL_WORDS = `${IMAGE_WORDS} console=ttyS0,115200 console=tty0`;

/** Seconds until the first entry boots by itself. */
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

/** On media alone: a node that has it all in memory, and gives it to others. */
export const SERVE_ENTRY: Entry = {
  id: "serve",
  title: "Serve",
  summary: "ClumpOS, and boots the other PCs of this network",
  help: ["As ClumpOS, and PCs that start from the network become nodes too."],
  words: "clump.serve",
  framebuffer: true,
  archive: "serve.img",
};

/** The entry that Shift leads to. */
export const SHIFT_ENTRY = "expert";

/** Title and summary in columns, as the menus show them. */
export function menuLine({ title, summary }: Pick<Entry, "title" | "summary">): string {
  return `${title.padEnd(10)}${summary}`;
}

/** The page behind the menu's Help. */
export function helpPage(howToChange: readonly string[]): string {
  const entries = [...ENTRIES, SERVE_ENTRY].flatMap(({ title, help }) => [
    "",
    title,
    ...help.map((line) => `  ${line}`),
  ]);
  return ["clump: any PC becomes a node of your cluster", ...entries, "", ...howToChange, ""].join("\n");
}
