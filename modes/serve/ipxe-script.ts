/** The script of iPXE, https://ipxe.org/scripting */

import { ENTRIES, type Entry, KERNEL_WORDS, MENU_SECONDS } from "./entries.ts";
import { type NodeOptions, optionsOf } from "./nodes.ts";
import { asksForSlurm, SLURM_IMAGE } from "./slurm-files.ts";

const SET_SLURM = `set slurm initrd=${SLURM_IMAGE}`;

export interface ServedFiles {
  /** The URL of the folder, as "http://10.0.0.1"; without it all files come the way of the script. */
  readonly http?: string | undefined;
  /** Whether the folder has what nodes of Slurm load. */
  readonly hasSlurm: boolean;
}

/**
 * The text of boot.ipxe. The large files come by HTTP, which is fast; where one does not arrive, they come the way of the
 * script, by TFTP, and so in turn until the node boots: nobody may be near it.
 */
export function formatIpxeScript(nodes: NodeOptions, { http, hasSlurm }: ServedFiles): string {
  const setBase = http === undefined ? [] : [`set base ${http}/`];
  const takesSlurm = (options: string) => hasSlurm && asksForSlurm(options);
  const lines = [
    "#!ipxe",
    ...setBase,
    `set words ${KERNEL_WORDS} ${nodes.all}`.trimEnd(),
    ...(takesSlurm(nodes.all) ? [SET_SLURM] : []),
    ...[...nodes.byMac.keys()].flatMap((mac) => {
      const options = optionsOf(nodes, mac);
      const own = ifMac(mac, `set words ${KERNEL_WORDS} ${options}`);
      return takesSlurm(options) ? [own, ifMac(mac, SET_SLURM)] : [own];
    }),
    // The node then keeps the address and the NIC that the firmware used.
    `isset ${variable("netX/ip")} && set from ${FROM} ||`,
    // An iPXE that was built without menus boots the first entry.
    `menu clump || goto ${ENTRIES[0]!.id}`,
    // iPXE joins runs of blanks, so the menu has no columns.
    ...ENTRIES.map(({ id, title, summary }) => `item ${id} ${title}: ${summary}`),
    `choose --default ${ENTRIES[0]!.id} --timeout ${MENU_SECONDS * 1000} entry || shell`,
    `goto ${variable("entry")}`,
    ...ENTRIES.flatMap(entryLines),
    ":boot",
    // UEFI needs initrd= on the kernel command line; a BIOS ignores it.
    `kernel ${BASE}clump/vmlinuz initrd=initramfs.img ${variable("slurm")} ${variable("words")} ${variable("from")} ${variable("mode")} || goto failed`,
    `initrd ${BASE}clump/initramfs.img || goto failed`,
    `isset ${variable("slurm")} || goto start`,
    `initrd ${BASE}clump/${SLURM_IMAGE} || goto failed`,
    ":start",
    "boot || goto failed",
    ":failed",
    `prompt --timeout ${AGAIN_SECONDS * 1000} Cannot boot: a file did not arrive. This PC tries again; a key leads to the shell of iPXE first && shell ||`,
    "imgfree",
    ...setBase.map((set) => `isset ${BASE} && clear base || ${set}`),
    "goto boot",
    "",
  ];
  return lines.join("\n");
}

/** The large files are asked for again after so many seconds. */
const AGAIN_SECONDS = 5;

const BASE = variable("base");

/** The same parameters that SYSAPPEND of PXELINUX adds. */
const FROM = [
  `BOOTIF=01-${variable("netX/mac:hexhyp")}`,
  `ip=${["netX/ip", "netX/next-server", "netX/gateway", "netX/netmask"].map(variable).join(":")}`,
].join(" ");

function variable(name: string): string {
  return `$\{${name}}`;
}

function ifMac(mac: string, command: string): string {
  return `iseq ${variable("netX/mac")} ${mac} && ${command} ||`;
}

function entryLines({ id, words }: Entry): string[] {
  return [`:${id}`, words === "" ? "clear mode" : `set mode ${words}`, "goto boot"];
}
