/** A workstation: Debian with systemd in a virtual machine, with a shell of root on its serial line and clump in /srv. */

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../../assets/build/run.ts";
import { makePackages, type Packages } from "../../../assets/deb/packages.ts";
import { imageIn } from "../../../assets/image/ensure.ts";
import { programStage } from "../../../assets/image/stages.ts";
import { prepareLoaders } from "../../../assets/loaders/loaders.ts";
import { startVm, type Vm } from "../../../assets/qemu/vm.ts";
import packageJson from "../../../package.json";
import { Programs } from "../../jobs/compile.ts";
import type { Suite } from "../../lib/debian/suites.ts";
import { imageFiles } from "../../lib/node.ts";
import { debianDisk } from "./debian.ts";
import { writeFirstStage } from "./first-stage.ts";
import { findKernel, type Kernel, unpackImage } from "./kernel.ts";

/** The workstation's address on the wire of startLan(). */
export const ADDRESS = "192.168.7.100";

/** A Debian of an emulated machine until its shell. */
const BOOT = { within: 120 };

const ETC: Readonly<Record<string, string>> = {
  hostname: "desk\n",
  "machine-id": "0123456789abcdef0123456789abcdef\n",
  "modules-load.d/lan.conf": "virtio_net\n",
  "systemd/system/lan.service": `[Unit]
After=systemd-modules-load.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/ip link set eth0 up
ExecStart=/bin/ip address add ${ADDRESS}/24 dev eth0
ExecStart=/bin/ip route add default via 192.168.7.254
`,
  "systemd/system/shell.service": `[Unit]
After=lan.service
[Service]
ExecStart=/bin/bash --noediting
WorkingDirectory=/root
Environment=HOME=/root USER=root TERM=dumb "PS1=# "
StandardInput=tty-force
StandardOutput=tty
TTYPath=/dev/ttyS0
`,
};
const WANTED = ["lan.service", "shell.service"];
/** What waits for devices or for a bus that this Debian has not, or would run beside the test. */
const MASKED = [
  ...[
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "fstrim.timer",
  ],
  ...["e2scrub_reap.service", "systemd-logind.service", "serial-getty@ttyS0.service", "getty@tty1.service"],
];

/** Below /srv. */
const PACKAGES = { deb: "clump.deb", archive: "clump.tar" } as const satisfies Record<keyof Packages, string>;

export interface Content {
  /** Which of the packages it has. */
  readonly comesBy: keyof Packages;
  /** Whether the package has what other PCs boot. */
  readonly serves: boolean;
  /** Texts below /srv, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The files that make one, in a folder that goes away with them. */
export class WorkstationFiles implements Disposable {
  readonly #folder: string;
  readonly #disk: string;
  readonly #kernel: Kernel;
  /** The program test/jobs/trial/work.c, which the workstation has as /srv/work. */
  readonly work: string;

  private constructor(folder: string, disk: string, kernel: Kernel) {
    this.#folder = folder;
    this.#disk = disk;
    this.#kernel = kernel;
    this.work = join(folder, "srv/work");
  }

  /** @throws Error */
  static async make(suite: Suite, content: Content): Promise<WorkstationFiles> {
    const disk = await debianDisk(suite);
    const folder = mkdtempSync(join(tmpdir(), "clump-workstation-"));
    const system = await unpackImage(folder, ["bin/busybox", "lib/modules"]);
    const kernel = await findKernel(suite, system);
    await writeFirstStage(join(folder, "initrd"), join(system, "bin/busybox"), kernel);
    const files = new WorkstationFiles(folder, disk, kernel);
    await files.#make(content);
    return files;
  }

  async #make({ comesBy, serves, files = {} }: Content): Promise<void> {
    const content = join(this.#folder, "srv");
    mkdirSync(content);
    layOutEtc(join(content, "etc"));
    const packages = await makeBoth(this.#folder, serves);
    renameSync(packages[comesBy], join(content, PACKAGES[comesBy]));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text);
    const programs = new Programs();
    copyFileSync(programs.compile("work", ["test/jobs/trial/work.c"], "small"), this.work);
    programs.remove();
    const plain = ["-no-progress", "-all-root", "-noI", "-noD", "-noF", "-noX", "-quiet"];
    const inputs = [...readdirSync(content).map((name) => join(content, name)), this.#kernel.modules];
    await run("pack a disk", ["mksquashfs", ...inputs, join(this.#folder, "srv.squashfs"), ...plain]);
  }

  /** Boots one to its shell, on the wire at `path`. */
  async boot(name: string, path: string, memoryMegabytes: number): Promise<Vm> {
    const vm = await startVm({
      ...{
        kernel: this.#kernel.path,
        initrd: join(this.#folder, "initrd"),
        memoryMegabytes,
      },
      disks: [this.#disk, join(this.#folder, "srv.squashfs")],
      nics: [{ model: "virtio-net-pci", network: { kind: "socket", path }, mac: "52:54:00:12:34:64" }],
      append: "console=ttyS0 quiet systemd.show_status=no",
      onRestart: "exit",
      log: `dist/test/${name}.log`,
    });
    try {
      await vm.console.expect("# ", BOOT);
      vm.console.send("dmesg -n 1; echo shell''-ready\n");
      await vm.console.expect(/^shell-ready\n/m, BOOT);
      return vm;
    } catch (error) {
      await vm[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function layOutEtc(etc: string): void {
  const wants = join(etc, "systemd/system/multi-user.target.wants");
  mkdirSync(wants, { recursive: true });
  for (const [path, text] of Object.entries(ETC)) {
    mkdirSync(dirname(join(etc, path)), { recursive: true });
    writeFileSync(join(etc, path), text);
  }
  for (const unit of WANTED) symlinkSync(`../${unit}`, join(wants, unit));
  for (const unit of MASKED) symlinkSync("/dev/null", join(etc, "systemd/system", unit));
}

/** The packages of the sources under test; an emulated machine would unpack those for people for long. */
async function makeBoth(out: string, serves: boolean): Promise<Packages> {
  const program = await programStage({ anew: false });
  const { kernel, initrd } = imageFiles();
  const image = { ...imageIn(dirname(initrd)), kernel, initramfs: initrd };
  const boot = serves ? { image, loaders: await prepareLoaders() } : undefined;
  return await makePackages({ out, program, version: packageJson.version, time: 1e9, fast: true, boot });
}
