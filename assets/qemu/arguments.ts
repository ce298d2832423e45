/** A virtual machine as data, and the QEMU command line that makes it. */

import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import { type Nic, nicArguments } from "./nics.ts";

export interface VmOptions {
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel command line. */
  readonly append: string;
  readonly memoryMegabytes: number;
  /** "microvm" has no PCI, and tells of its virtio-mmio devices by ACPI; default "pc". */
  readonly machine?: "pc" | "microvm";
  /** Whether PCI cards of the "pc" can be plugged in while it runs; default true. */
  readonly takesCards?: boolean;
  readonly nics: readonly Nic[];
  readonly cpus?: number;
  /** A CPU model of QEMU; default the best model of the accelerator. */
  readonly cpu?: string;
  /** Default "ps2"; "usb" leaves the PS/2 controller out of the machine. */
  readonly keyboard?: "ps2" | "usb";
  /** The image of a USB disk that is plugged in. */
  readonly usbDisk?: string;
  /** The archive of the tools, a virtual disk of its own. */
  readonly tools?: string;
  /** Images of virtual disks, /dev/vda and so on; what the machine writes to them is forgotten with it. */
  readonly disks?: readonly string[];
  /** A folder of this machine, which the machine can read by 9p under the tag "files". */
  readonly files?: string;
  /** Whether the machine has a serial port, or the path of the unix socket that the port speaks on; default true. */
  readonly serial?: boolean | { readonly path: string };
  /**
   * Whether the machine's clock counts instructions, one a nanosecond, and skips the time in which the processor waits: the
   * times of such a machine are the same on every host and under any load. It is always emulated; default false.
   */
  readonly countsInstructions?: boolean;
  /** QEMU's reaction to a restart of the machine; default "restart". */
  readonly onRestart?: "restart" | "exit";
}

export type Accelerator = "kvm" | "tcg";

/** On a busy host an emulated timer is late; the kernel takes the timer for a broken one, and panics. */
const LATE_TIMER = "no_timer_check ";

const ACCELERATORS = {
  kvm: { accel: "kvm", cpu: "host", words: "" },
  tcg: { accel: "tcg,thread=multi", cpu: "max", words: LATE_TIMER },
} as const satisfies Record<Accelerator, unknown>;

/** Counting works with one thread alone. The clock of the PC begins at one time, or the host's would be seen. */
const COUNTED = [
  "-accel",
  "tcg,thread=single",
  "-icount",
  "shift=0,sleep=off",
  "-rtc",
  "base=2020-01-01,clock=vm",
];

/** The firmware tells of no slot whose card may come or go. */
export const FIXED_CARDS = ["acpi-root-pci-hotplug", "acpi-pci-hotplug-with-bridge-support"].flatMap(
  (name) => ["-global", `PIIX4_PM.${name}=off`],
);

/** QEMU's arguments for the machine itself, without its consoles and monitor. */
export function machineArguments(options: VmOptions, accelerator: Accelerator): string[] {
  const { countsInstructions = false } = options;
  const { accel, cpu, words } = ACCELERATORS[countsInstructions ? "tcg" : accelerator];
  const board = options.keyboard === "usb" ? "pc,i8042=off" : "pc";
  return [
    ...["-nodefaults", "-display", "none"],
    ...(options.machine === "microvm" ? ["-machine", "microvm,acpi=on"] : ["-vga", "std", "-machine", board]),
    ...(options.takesCards === false ? FIXED_CARDS : []),
    ...(countsInstructions ? COUNTED : ["-accel", accel]),
    ...["-cpu", options.cpu ?? cpu],
    ...["-smp", String(options.cpus ?? 1), "-m", String(options.memoryMegabytes)],
    ...usbArguments(options),
    ...diskArguments(options),
    ...toolsArguments(options),
    ...filesArguments(options),
    ...nicArguments(options.nics),
    ...(options.onRestart === "exit" ? ["-no-reboot"] : []),
    ...["-kernel", options.kernel, "-initrd", options.initrd, "-append", words + options.append],
  ];
}

/** One line for a shell that runs the command. */
export function shellLine(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(" ");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function diskArguments({ disks = [] }: VmOptions): string[] {
  return disks.flatMap((path, index) => [
    ...["-drive", `if=none,id=disk${index},format=raw,snapshot=on,file=${path.replaceAll(",", ",,")}`],
    ...["-device", `virtio-blk-pci,drive=disk${index}`],
  ]);
}

/** Several machines may read the disk at once: none can write to it. */
function toolsArguments({ tools }: VmOptions): string[] {
  if (tools === undefined) return [];
  const drive = `if=none,id=tools,format=raw,readonly=on,file=${tools.replaceAll(",", ",,")}`;
  return ["-drive", drive, "-device", `virtio-blk-pci,drive=tools,serial=${TOOLS_FILES.disk}`];
}

function filesArguments({ files }: VmOptions): string[] {
  if (files === undefined) return [];
  const shared = `local,path=${files.replaceAll(",", ",,")},readonly=on,security_model=none,multidevs=remap`;
  return ["-virtfs", `${shared},mount_tag=files`];
}

function usbArguments({ keyboard, nics, usbDisk }: VmOptions): string[] {
  const needed = keyboard === "usb" || usbDisk !== undefined || nics.some(({ model }) => model === "usb-net");
  if (!needed) return [];
  return [
    ...["-device", "qemu-xhci,id=usb"],
    ...(keyboard === "usb" ? ["-device", "usb-kbd,bus=usb.0"] : []),
    ...(usbDisk === undefined
      ? []
      : [
          "-drive",
          `if=none,id=stick,format=raw,file=${usbDisk}`,
          "-device",
          "usb-storage,bus=usb.0,drive=stick",
        ]),
  ];
}
