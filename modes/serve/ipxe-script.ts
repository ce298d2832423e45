/** The script of iPXE, https://ipxe.org/scripting */

import { ENTRIES, type Entry, KERNEL_WORDS, MENU_SECONDS } from "./entries.ts";
import { type NodeOptions, optionsOf } from "./nodes.ts";

/** The whole boot.ipxe; its files are named beside it, and come the way it came. */
export function formatIpxeScript(nodes: NodeOptions): string {
  const lines = [
    "#!ipxe",
    `set words ${KERNEL_WORDS} ${nodes.all}`.trimEnd(),
    ...[...nodes.byMac.keys()].map((mac) => ifMac(mac, `${KERNEL_WORDS} ${optionsOf(nodes, mac)}`)),
    // The node asks for the address that it has, and on the card that it came from.
    `isset ${variable("netX/ip")} && set from ${FROM} ||`,
    // A build of iPXE without menus boots the first entry.
    `menu clump || goto ${ENTRIES[0]!.id}`,
    // Blanks in a row come out as one, so there are no columns here.
    ...ENTRIES.map(({ id, title, summary }) => `item ${id} ${title}: ${summary}`),
    `choose --default ${ENTRIES[0]!.id} --timeout ${MENU_SECONDS * 1000} entry || shell`,
    `goto ${variable("entry")}`,
    ...ENTRIES.flatMap(entryLines),
    ":boot",
    // UEFI wants the initramfs named on the command line of the kernel; a BIOS does not mind.
    `kernel clump/vmlinuz initrd=initramfs.img ${variable("words")} ${variable("from")} ${variable("mode")} || goto failed`,
    "initrd clump/initramfs.img || goto failed",
    "boot || goto failed",
    ":failed",
    "echo Cannot boot: a file did not arrive. This is iPXE's shell, exit leaves it",
    "shell",
    "",
  ];
  return lines.join("\n");
}

/** As PXELINUX says it. */
const FROM = [
  `BOOTIF=01-${variable("netX/mac:hexhyp")}`,
  `ip=${["netX/ip", "netX/next-server", "netX/gateway", "netX/netmask"].map(variable).join(":")}`,
].join(" ");

function variable(name: string): string {
  return `$\{${name}}`;
}

function ifMac(mac: string, words: string): string {
  return `iseq ${variable("netX/mac")} ${mac} && set words ${words} ||`;
}

function entryLines({ id, words }: Entry): string[] {
  return [`:${id}`, words === "" ? "clear mode" : `set mode ${words}`, "goto boot"];
}
