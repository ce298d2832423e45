/** The menus of PXELINUX: one for all nodes, and one for each node with options of its own. */

import { ENTRIES, KERNEL_WORDS, MENU_SECONDS, menuLine } from "./entries.ts";
import { type NodeOptions, optionsOf } from "./nodes.ts";
import { asksForSlurm, SLURM_IMAGE } from "./slurm-files.ts";

export interface ServedFiles {
  /** The kernel's folder, as "clump" or "http://10.0.0.1/clump". */
  readonly files: string;
  /** Whether the folder has what nodes of Slurm load. */
  readonly hasSlurm: boolean;
}

/** Texts by file name in pxelinux.cfg. */
export function formatPxelinuxConfigs(nodes: NodeOptions, served: ServedFiles): ReadonlyMap<string, string> {
  const own = [...nodes.byMac.keys()].map(
    (mac) => [configName(mac), formatMenu(optionsOf(nodes, mac), served)] as const,
  );
  return new Map([["default", formatMenu(nodes.all, served)], ...own]);
}

/** "01" is the hardware type of Ethernet; doc/pxelinux.txt of syslinux. */
function configName(mac: string): string {
  return `01-${mac.replaceAll(":", "-")}`;
}

function formatMenu(options: string, { files, hasSlurm }: ServedFiles): string {
  const initrds = ["initramfs.img", ...(hasSlurm && asksForSlurm(options) ? [SLURM_IMAGE] : [])];
  const entries = ENTRIES.flatMap(({ id, words, help, ...line }, index) => [
    `LABEL ${id}`,
    `  MENU LABEL ${menuLine(line)}`,
    ...(index === 0 ? ["  MENU DEFAULT"] : []),
    `  KERNEL ${files}/vmlinuz`,
    `  INITRD ${initrds.map((name) => `${files}/${name}`).join(",")}`,
    `  APPEND ${[KERNEL_WORDS, options, words].filter(Boolean).join(" ")}`,
    "  TEXT HELP",
    ...help.map((text) => `  ${text}`),
    "  ENDTEXT",
  ]);
  return [
    "SERIAL 0 115200",
    "DEFAULT menu.c32",
    "PROMPT 0",
    // Appends ip= and BOOTIF=: the node then keeps the address and the NIC that the firmware used.
    "SYSAPPEND 3",
    `TIMEOUT ${MENU_SECONDS * 10}`,
    "MENU TITLE clump: Tab adds options to an entry",
    ...entries,
    "",
  ].join("\n");
}
