/** The QEMU program and the accelerator of this machine. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DIST } from "../build/project.ts";
import type { Accelerator } from "./arguments.ts";

/** Time for a kernel on a busy host to boot without a root; a KVM that takes longer hangs. */
const PROBE_MILLISECONDS = 10_000;

/** The kernel's last words without a root; such a machine ends then (-no-reboot). */
const NO_ROOT = "Kernel panic - not syncing: VFS: Unable to mount root fs";

/** The QEMU program: `VM_QEMU`, or the one on the path. */
export function findQemu(): string {
  const wanted = process.env["VM_QEMU"] ?? "qemu-system-x86_64";
  const found = Bun.which(wanted);
  if (found === null)
    throw new Error(`Cannot find ${wanted}: install qemu-system-x86, or name one in VM_QEMU`);
  return found;
}

/** The words before QEMU's arguments: QEMU ends with this program, however that ends (prctl(2), PR_SET_PDEATHSIG). */
export function qemuCommand(): string[] {
  return [...endsWithUs(), findQemu()];
}

/**
 * The same with a pipe for its standard output, which holds 64 KiB (pipe(7)). Bun.spawn gives it a socket, which a
 * serial line fills with some hundred writes of one byte; then QEMU throws away what the machine says.
 */
export function qemuCommandWithPipe(): string[] {
  return [...endsWithUs(), "bash", "-c", 'exec "$@" > >(exec cat)', "bash", findQemu()];
}

function endsWithUs(): string[] {
  const setpriv = Bun.which("setpriv");
  return setpriv === null ? [] : [setpriv, "--pdeathsig", "KILL"];
}

let probed: Promise<Accelerator> | undefined;

/** `VM_ACCEL`, or KVM if the kernel of the image really boots on it; the first answer is kept. */
export function findAccelerator(): Promise<Accelerator> {
  probed ??= chooseAccelerator(process.env["VM_ACCEL"]);
  return probed;
}

async function chooseAccelerator(wanted: string | undefined): Promise<Accelerator> {
  if (wanted === "kvm" || wanted === "tcg") return wanted;
  if (wanted) throw new RangeError(`Cannot use VM_ACCEL=${wanted}: kvm or tcg was wanted`);
  return (await kvmWorks(findQemu())) ? "kvm" : "tcg";
}

/**
 * /dev/kvm may exist and refuse. A nested KVM may also run the firmware and hang where the kernel enters 64-bit mode: only
 * a kernel that boots shows that KVM works. Without an image there is no such kernel, and nothing to boot.
 */
export async function kvmWorks(qemu: string, kernel = join(DIST, "vmlinuz")): Promise<boolean> {
  if (!existsSync(kernel)) return false;
  const machine = ["-nodefaults", "-display", "none", "-accel", "kvm", "-cpu", "host", "-m", "256"];
  const boot = ["-no-reboot", "-serial", "stdio", "-kernel", kernel, "-append", "console=ttyS0 panic=-1"];
  const probe = Bun.spawn([qemu, ...machine, ...boot], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: PROBE_MILLISECONDS,
    killSignal: "SIGKILL",
  });
  const said = await probe.stdout.text();
  return (await probe.exited) === 0 && said.includes(NO_ROOT);
}
