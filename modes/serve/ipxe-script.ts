/** The script of iPXE, https://ipxe.org/scripting */

import { ENTRIES, type Entry, KERNEL_WORDS, MENU_SECONDS } from "./entries.ts";
import { type NodeOptions, optionsOf } from "./nodes.ts";
import { asksForSlurm, SLURM_IMAGE } from "./slurm-files.ts";

const SET_SLURM = `set slurm initrd=${SLURM_IMAGE}`;

/** The text of boot.ipxe; its relative paths make iPXE load the other files by the protocol it loaded the script by. */
export function formatIpxeScript(nodes: NodeOptions, { hasSlurm }: { readonly hasSlurm: boolean }): string {
  const takesSlurm = (options: string) => hasSlurm && asksForSlurm(options);
  const lines = [
    "#!ipxe",
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
    `kernel clump/vmlinuz initrd=initramfs.img ${variable("slurm")} ${variable("words")} ${variable("from")} ${variable("mode")} || goto failed`,
    "initrd clump/initramfs.img || goto failed",
    `isset ${variable("slurm")} || goto start`,
    `initrd clump/${SLURM_IMAGE} || goto failed`,
    ":start",
    "boot || goto failed",
    ":failed",
    "echo Cannot boot: a file did not arrive. This is iPXE's shell, exit leaves it",
    "shell",
    "",
  ];
  return lines.join("\n");
}

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
