/**
 * A machine of QEMU with the kernel of a node, Debian's of this machine, and with this machine's files: its processes see
 * them as here, and what they write is forgotten.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CpioEntry, encodeCpio } from "../../../../assets/build/cpio.ts";
import { ROOT } from "../../../../assets/build/project.ts";
import { MODULE_GROUPS } from "../../../../assets/image/manifest.ts";
import { readModule } from "../../../../assets/image/module-tree.ts";
import { shellLine } from "../../../../assets/qemu/arguments.ts";
import { unpackKernel } from "../../../../assets/qemu/unpacked-kernel.ts";
import { startVm } from "../../../../assets/qemu/vm.ts";
import { unpackedFile } from "../../../lib/home-programs.ts";
import { type KernelPackage, kernelPackage } from "./kernel-package.ts";

const INIT = "test/bench/moves/machine/init.sh";
/** For the files of this machine, and for nodes in namespaces. */
const MODULES = [
  ...["virtio_pci", "9pnet_virtio", "9p", "overlay", "bridge", "tun"],
  // libcrc32c asks for it, and names it only as a soft dependency.
  "crc32c_generic",
  ...MODULE_GROUPS.filter(({ name }) => name === "moves").flatMap(({ modules }) => modules),
];
/** The images of processes lie in memory, and so does what is written. */
const MEMORY_MEGABYTES = 4096;
/** An emulator makes the string instructions of a processor, which copy memory, byte by byte: slower than any others. */
const WITHOUT_STRINGS = "max,-erms,-fsrm";
/** init.sh writes this. */
const ENDED = /^The program has ended with (\d+)(?=\n)/m;

/** Runs a program there, as root in the folder of this project; gives what it has written. @throws Error where it fails */
export async function runInMachine(words: readonly string[], within: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "clump-machine-"));
  try {
    const kernel = await kernelPackage();
    const initrd = join(folder, "initrd");
    writeFileSync(initrd, encodeCpio(await entries(words, kernel)));
    await using vm = await startVm({
      ...{ kernel: await unpackKernel(kernel.path), initrd, append: "console=ttyS0 quiet", nics: [] },
      ...{ memoryMegabytes: MEMORY_MEGABYTES, cpus: 2, cpu: WITHOUT_STRINGS, files: "/" },
    });
    const { index, 1: status } = await vm.console.expect(ENDED, { within });
    const said = vm.console.lines.map(({ text }) => text).join("\n");
    if (status !== "0") throw new Error(`Cannot measure in a machine of QEMU:\n${said.slice(0, index)}`);
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function entries(words: readonly string[], kernel: KernelPackage): Promise<CpioEntry[]> {
  const files = kernel.inserts(MODULES);
  const modules = await Promise.all(
    files.map(async (path, index) => ({
      // In the order in which they are inserted.
      path: `modules/${String(index).padStart(3, "0")}.ko`,
      bytes: await readModule(join(kernel.modules, path)),
    })),
  );
  const plain = [
    { path: "bin/busybox", bytes: readFileSync(await unpackedFile("busybox-static", "bin/busybox")) },
    { path: "init", bytes: readFileSync(INIT) },
    { path: "program", bytes: Buffer.from(`cd ${ROOT}; ${shellLine(words)}\n`) },
    ...modules,
  ];
  return [
    ...["bin", "dev", "modules"].map((path) => ({ path, type: "directory" as const, mode: 0o755 })),
    { path: "dev/console", type: "character", mode: 0o600, major: 5, minor: 1 },
    ...plain.map((file) => ({ ...file, type: "file" as const, mode: 0o755 })),
  ];
}
