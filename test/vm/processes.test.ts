import { expect, test } from "bun:test";
import { pressKeys } from "../../assets/qemu/keyboard.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

const ORPHANS = 300;

test("orphans are reaped under load, and the shell still gets its own children's ends", async () => {
  await using vm = await bootNode({ name: "orphans", append: "expert" });
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  // A shell in brackets leaves its child behind; half of these end while others are still made.
  const make = `i=0; while [ $i -lt ${ORPHANS} ]; do (sleep 0.$((i % 10)) &); i=$((i+1)); done`;
  const check = "(exit 7); echo own $?";
  expect(await output(vm, `${make}; ${check}; sleep 2`, { within: 90 })).toContain("own 7");
  expect(await output(vm, "ps -o stat,args | grep -c '^Z' || true")).toBe("0\n");
  expect(await output(vm, "ps -o args | grep -c '^sleep 0' || true")).toBe("0\n");
  // PID 1 is alive and starts what it keeps.
  expect(await output(vm, "cat /proc/1/comm")).not.toBe("");
});

test("a shell that is left or killed comes back", async () => {
  await using vm = await bootNode({ name: "shell-again", append: "expert" });
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, BOOT);
  const first = (await output(vm, "echo $$")).trim();
  vm.console.send("exit\n");
  await openShell(vm, SOON);
  const second = (await output(vm, "echo $$")).trim();
  expect(second).not.toBe(first);
  vm.console.send("kill -9 $$\n");
  await openShell(vm, SOON);
  expect((await output(vm, "echo $$")).trim()).not.toBe(second);
});

test("a clumpview that is killed is started again, and ESC still ends the node", async () => {
  await using vm = await bootNode({ name: "clumpview-again", append: "debug sysrq_always_enabled" });
  await vm.console.expect(CONFIGURED, BOOT);
  await vm.console.expect("shut this node down", BOOT);
  // SysRq-I kills every process but PID 1 (Documentation/admin-guide/sysrq.rst).
  await pressKeys(vm.qmp, ["alt", "sysrq", "i"]);
  await vm.console.expect(/clumpview ended with .*, starting it again/, SOON);
  await vm.console.expect("shut this node down", SOON);
  await leaveByEscape(vm);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});
