/** A virtual machine as data, and the QEMU command line that makes it. */

import { type Nic, nicArguments } from "./nics.ts";

export interface VmOptions {
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel command line. */
  readonly append: string;
  readonly memoryMegabytes: number;
  readonly nics: readonly Nic[];
  readonly cpus?: number;
  /** A CPU model of QEMU; the best one of the accelerator when absent. */
  readonly cpu?: string;
  /** PS/2 when absent; "usb" leaves the PS/2 controller out of the machine. */
  readonly keyboard?: "ps2" | "usb";
  /** The image of a USB disk that is plugged in. */
  readonly usbDisk?: string;
  /** Whether there is a serial port; there is unless said otherwise. At the path of a unix socket it speaks there. */
  readonly serial?: boolean | { readonly path: string };
  /** What QEMU does when the machine restarts; "restart" when absent. */
  readonly onRestart?: "restart" | "exit";
}

export type Accelerator = "kvm" | "tcg";

/** Where the host is busy an emulated timer is late, which the kernel takes for one that does not work, and panics. */
const LATE_TIMER = "no_timer_check ";

const ACCELERATORS = {
  kvm: { accel: "kvm", cpu: "host", words: "" },
  tcg: { accel: "tcg,thread=multi", cpu: "max", words: LATE_TIMER },
} as const satisfies Record<Accelerator, unknown>;

/** QEMU's arguments for the machine itself, without its consoles and monitor. */
export function machineArguments(options: VmOptions, accelerator: Accelerator): string[] {
  const { accel, cpu, words } = ACCELERATORS[accelerator];
  return [
    ...["-nodefaults", "-display", "none", "-vga", "std"],
    ...["-machine", options.keyboard === "usb" ? "pc,i8042=off" : "pc"],
    ...["-accel", accel, "-cpu", options.cpu ?? cpu],
    ...["-smp", String(options.cpus ?? 1), "-m", String(options.memoryMegabytes)],
    ...usbArguments(options),
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
