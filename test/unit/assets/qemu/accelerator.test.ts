import { afterEach, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { kvmWorks, qemuCommandWithPipe } from "../../../../assets/qemu/accelerator.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const { VM_QEMU } = process.env;
afterEach(() => {
  if (VM_QEMU === undefined) delete process.env["VM_QEMU"];
  else process.env["VM_QEMU"] = VM_QEMU;
});

test("qemuCommandWithPipe() runs QEMU itself, with a pipe for what its serial line says", async () => {
  process.env["VM_QEMU"] = "sh";
  const script = "[ -p /dev/stdout ] && echo $$ a pipe; exit 3";
  const child = Bun.spawn([...qemuCommandWithPipe(), "-c", script], { stdout: "pipe" });
  const said = await child.stdout.text();
  expect([said, await child.exited]).toEqual([`${child.pid} a pipe\n`, 3]);
});

test.each([
  [
    "boots the kernel",
    "echo 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)'",
    true,
  ],
  ["runs the firmware, and then hangs", "echo 'Probing EDD (edd=off to disable)... ok'; kill -9 $$", false],
  ["ends the machine before the kernel has booted", "echo 'Probing EDD (edd=off to disable)... ok'", false],
  ["is refused", "echo 'Could not access KVM kernel module' >&2; exit 1", false],
])("kvmWorks() of a KVM that %s: %s", async (_, script, works) => {
  using root = makeRoot({ "/qemu": `#!/bin/sh\n${script}\n`, "/vmlinuz": "" });
  chmodSync(`${root.path}/qemu`, 0o755);
  expect(await kvmWorks(`${root.path}/qemu`, `${root.path}/vmlinuz`)).toBe(works);
});

test("kvmWorks() without a kernel to boot: false", async () => {
  expect(await kvmWorks("false", "/nowhere/vmlinuz")).toBe(false);
});
