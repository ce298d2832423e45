/** One node of the built image in a virtual machine, and the lines it is known by. */

import { dirname, join } from "node:path";
import type { VmOptions } from "../../assets/qemu/arguments.ts";
import { unpackKernel } from "../../assets/qemu/unpacked-kernel.ts";
import { startVm, type Vm } from "../../assets/qemu/vm.ts";
import { IMAGE_WORDS } from "../../modes/serve/entries.ts";

/** Where the console of every machine of the tests is kept. */
const LOGS = "dist/test";

export interface NodeOptions extends Partial<VmOptions> {
  /** What this machine is for; its log carries the name. */
  readonly name: string;
  /** The test looks at the VGA screen, or at all of the boot: the kernel then comes packed, as from a boot loader. */
  readonly screen?: boolean;
}

/** PID 1's lines. */
export const CONFIGURED = /clump: configured: node (\d+), (\S+) on (\S+?), map (.+)/;
export const ENTERED = /clump: entering (\S+) mode.*/;

/**
 * Seconds; an emulated machine on a host that runs two of them. `VM_TIME` stretches them. A page that a message of the
 * kernel has torn is whole again half a minute later.
 */
export const BOOT = { within: 60 };
export const SOON = { within: 45 };

/** The product's own 10 s may be over on a busy host; then the mode is entered, and its lines come no more. */
const LEASE_WAIT = "rd.net.timeout.dhcp=60";

/** The image under test: `npm test` has built it. */
export function imageFiles() {
  return {
    kernel: process.env["VM_KERNEL"] ?? "dist/vmlinuz",
    initrd: process.env["VM_INITRD"] ?? "dist/initramfs.img",
  };
}

/** The archive of the tools beside that image, for a machine whose node runs `clump tools`. */
export function toolsFile(): string {
  return join(dirname(imageFiles().initrd), "tools.img");
}

/**
 * Boots the image; both consoles, one virtio NIC on QEMU's network and 512 MB by default.
 * Where there is a lease to be had, it comes before the mode.
 */
export async function bootNode({ name, append = "", screen = false, ...machine }: NodeOptions): Promise<Vm> {
  const { kernel, initrd } = imageFiles();
  return await startVm({
    ...{ kernel: screen ? kernel : await unpackKernel(kernel), initrd },
    memoryMegabytes: 512,
    nics: [{ model: "virtio-net-pci" }],
    onRestart: "exit",
    ...machine,
    append: `console=tty0 console=ttyS0 ${IMAGE_WORDS} ${LEASE_WAIT} ${append}`.trim(),
    log: `${LOGS}/${name.replace(/[^\w.-]+/g, "-")}.log`,
  });
}
