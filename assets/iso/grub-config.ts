/** The menu of GRUB, as text. */

import {
  ENTRIES,
  type Entry,
  KERNEL_WORDS,
  MEDIA_ENTRIES,
  MENU_SECONDS,
  menuLine,
  SHIFT_ENTRY,
} from "../../modes/serve/entries.ts";
import { LANGUAGE } from "./menu-words.ts";

export interface GrubMenu {
  /** The folder of the kernel and the initramfs as GRUB writes it, as "/clump"; SHA256SUMS and NODE_SUMS are beside them. */
  readonly files: string;
  /** Memory tests, by GRUB's name for the platform. */
  readonly memoryTest: { readonly pc: string; readonly efi: string };
}

/** The lines of SHA256SUMS without those of an entry's own archive: what is not loaded is not read for a check either. */
export const NODE_SUMS = "node.sha256";

/** GRUB's own names of graphics modes, the best first; vga=791 of old is the second. */
const GRAPHICS = "1024x768x32,1024x768x16,800x600x32,text";

/** On the screen, and on the serial port: README of memtest86+. */
const MEMORY_TEST_WORDS = "console=ttyS0,115200";

/** The whole grub.cfg. */
export function formatGrubConfig(menu: GrubMenu): string {
  const lines = [
    `set default=${ENTRIES[0]!.id}`,
    `set timeout=${MENU_SECONDS}`,
    "set timeout_style=menu",
    "set locale_dir=$prefix/locale",
    `set lang=${LANGUAGE}`,
    // The colours of clumpview.
    "set color_normal=light-gray/black",
    "set menu_color_normal=light-cyan/black",
    "set menu_color_highlight=black/light-cyan",
    ...consoles(),
    ...shift(),
    ...checkFunction(menu.files),
    ...tooLittleMemoryFunction(),
    ...[...ENTRIES, ...MEDIA_ENTRIES].flatMap((entry) => entryLines(entry, menu)),
    ...memoryTestLines(menu.memoryTest),
    ...helpLines(),
    "",
  ];
  return lines.join("\n");
}

/** A firmware of UEFI sends its console where it is told to, the serial port too; a BIOS knows nothing of one. */
function consoles(): string[] {
  return [
    'if [ "$grub_platform" = pc ]; then',
    "  if serial --unit=0 --speed=115200; then",
    "    terminal_input console serial",
    "    terminal_output console serial",
    "  fi",
    "fi",
  ];
}

function shift(): string[] {
  return ["if keystatus --shift; then", `  set default=${SHIFT_ENTRY}`, "  set timeout=0", "fi"];
}

/**
 * One that is damaged is named and not booted. Where Secure Boot forbids the module that computes digests, the
 * signature of the kernel is checked instead, by shim. The function takes the name of the file with the digests.
 */
function checkFunction(files: string): string[] {
  return [
    'if [ "$shim_lock" != y ]; then insmod gcry_sha256; insmod hashsum; fi',
    "function intact {",
    '  if [ "$clump_check" = 0 ]; then return 0; fi',
    '  if [ "$shim_lock" = y ]; then return 0; fi',
    '  echo "Checking the medium: up to a minute from a CD or a slow USB stick..."',
    `  if hashsum --hash sha256 --check ${files}/$1 --prefix ${files}; then return 0; fi`,
    '  echo "Cannot boot this medium: a line above says what is damaged: write it again."',
    // GRUB's hashsum fails alike for a wrong digest and for want of memory: a script cannot tell them apart.
    '  echo "Where it says out of memory, the PC has too little: 256 MB were wanted, or 1 GB with UEFI."',
    '  echo "ESC leads back to the menu."',
    "  sleep --interruptible 600",
    "  return 1",
    "}",
  ];
}

/** Ends with a command that fails: GRUB would start the kernel without its initramfs. */
function tooLittleMemoryFunction(): string[] {
  return [
    "function too_little_memory {",
    '  echo "Cannot load the system: this PC has too little memory, and 256 MB were wanted, or 1 GB with UEFI."',
    '  echo "ESC leads back to the menu."',
    "  sleep --interruptible 600",
    "  false",
    "}",
  ];
}

function entryLines(entry: Entry, { files }: GrubMenu): string[] {
  const boot = [
    `set gfxpayload=${entry.framebuffer ? GRAPHICS : "text"}`,
    ["linux", `${files}/vmlinuz`, KERNEL_WORDS, entry.words].join(" ").trimEnd(),
    ["initrd", `${files}/initramfs.img`, entry.archive && `${files}/${entry.archive}`]
      .filter(Boolean)
      .join(" "),
  ];
  const [payload, linux, initrd] = boot;
  const lines = [
    `if intact ${entry.archive ? "SHA256SUMS" : NODE_SUMS}; then`,
    '  echo "Loading the system into memory: up to a minute from a CD or a slow USB stick..."',
    `  ${payload}`,
    `  if ${linux}; then`,
    `    if ${initrd}; then echo "Starting the node..."; else too_little_memory; fi`,
    "  else too_little_memory; fi",
    "fi",
  ];
  return [`menuentry "${menuLine(entry)}" --id ${entry.id} {`, ...lines.map((line) => `  ${line}`), "}"];
}

function memoryTestLines({ pc, efi }: GrubMenu["memoryTest"]): string[] {
  return [
    `menuentry "${menuLine({ title: "Memory", summary: "test this PC's memory with memtest86+" })}" --id memory {`,
    '  if [ "$grub_platform" = pc ]; then',
    `    linux ${pc} ${MEMORY_TEST_WORDS}`,
    "  else",
    `    chainloader ${efi} ${MEMORY_TEST_WORDS}`,
    "  fi",
    "}",
  ];
}

function helpLines(): string[] {
  return [
    `menuentry "${menuLine({ title: "Help", summary: "what these are, and how to add options" })}" --id help {`,
    "  clear",
    "  cat $prefix/help.txt",
    "  sleep --interruptible 600",
    "}",
  ];
}

/** How options are added in GRUB, for the help page. */
export const GRUB_HELP = [
  "e shows an entry's commands: add options to the line that begins with linux,",
  "as hostname=pc7 or debug, then Ctrl-X boots it. ESC leads back to the menu.",
];
