import { afterEach, expect, test } from "bun:test";
import { qemuCommandWithPipe } from "../../../../assets/qemu/accelerator.ts";

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
