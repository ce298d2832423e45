/** One node of the built image in a virtual machine, and the lines it is known by. */

import type { VmOptions } from "../../assets/qemu/arguments.ts";
import { startVm, type Vm } from "../../assets/qemu/vm.ts";
import { IMAGE_WORDS } from "../../modes/serve/entries.ts";

/** Where the console of every machine of the tests is kept. */
const LOGS = "dist/test";

export interface NodeOptions extends Partial<VmOptions> {
  /** What this machine is for; its log carries the name. */
  readonly name: string;
}

/** PID 1's lines. */
export const CONFIGURED = /clump: configured: node (\d+), (\S+) on (\S+?), map (.+)/;
export const ENTERED = /clump: entering (\S+) mode.*/;

/** Seconds; an emulated machine on a host that runs two of them. `VM_TIME` stretches them. */
export const BOOT = { within: 60 };
export const SOON = { within: 20 };

/** The image under test: `npm test` has built it. */
export function imageFiles() {
  return {
    kernel: process.env["VM_KERNEL"] ?? "dist/vmlinuz",
    initrd: process.env["VM_INITRD"] ?? "dist/initramfs.img",
  };
}

/** Boots the image; both consoles, one virtio NIC on QEMU's network and 512 MB unless said otherwise. */
export function bootNode({ name, append = "", ...machine }: NodeOptions): Promise<Vm> {
  return startVm({
    ...imageFiles(),
    memoryMegabytes: 512,
    nics: [{ model: "virtio-net-pci" }],
    onRestart: "exit",
    ...machine,
    append: `console=tty0 console=ttyS0 ${IMAGE_WORDS} ${append}`.trim(),
    log: `${LOGS}/${name.replace(/[^\w.-]+/g, "-")}.log`,
  });
}
