import { expect, test } from "bun:test";
import { BOOT, bootNode, ENTERED, SOON } from "../lib/node.ts";
import { openShell } from "../lib/shell.ts";

test("reboot restarts the machine", async () => {
  await using vm = await bootNode({ name: "reboot", append: "expert" });
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  vm.console.send("reboot\n");
  expect(await vm.ended(SOON)).toBe("guest-reset");
});

test("halt stops the machine and leaves it on", async () => {
  await using vm = await bootNode({ name: "halt", append: "safe" });
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  vm.console.send("dmesg -n 8; halt\n");
  await vm.console.expect("System halted", SOON);
});

test("poweroff tells the processes first, then writes, then unmounts", async () => {
  await using vm = await bootNode({ name: "order", append: "expert debug" });
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  vm.console.send(
    "dmesg -n 8; (trap 'echo told > /dev/kmsg; exit' TERM; while :; do sleep 1; done) & poweroff\n",
  );
  await vm.console.expect("told", SOON);
  await vm.console.expect(/write what is still in memory: ok/, SOON);
  await vm.console.expect(/unmount the disks: ok/, SOON);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});
