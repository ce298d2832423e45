import { expect, test } from "bun:test";
import { holdKey, pressKeys } from "../../assets/qemu/keyboard.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { seeOnScreen } from "../lib/screen.ts";
import { openShell, output } from "../lib/shell.ts";
import { SMALLEST_MEGABYTES } from "../lib/smallest-memory.ts";

test("a processor without AVX boots it (-cpu Nehalem)", async () => {
  await using vm = await bootNode({ name: "nehalem", cpu: "Nehalem", append: "expert" });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, BOOT);
  expect(await output(vm, "cat /proc/cpuinfo")).not.toContain("avx");
});

test("the smallest memory that the README promises is enough for the node and its screen", async () => {
  await using vm = await bootNode({ name: "smallest-memory", memoryMegabytes: SMALLEST_MEGABYTES });
  await vm.console.expect(CONFIGURED, BOOT);
  await vm.console.expect("shut this node down", BOOT);
  await leaveByEscape(vm);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("half of that memory is not: the number means something", async () => {
  await using vm = await bootNode({ name: "too-little-memory", memoryMegabytes: SMALLEST_MEGABYTES / 2 });
  await expect(vm.console.expect(CONFIGURED, SOON)).rejects.toThrow("Cannot see");
});

test.each(["ps2", "usb"] as const)("Shift held on a %s keyboard leads to Expert", async (keyboard) => {
  await using vm = await bootNode({ name: `shift-${keyboard}`, keyboard });
  // A key pressed while the kernel is still finding the keyboard is one whose press it never hears of.
  await vm.console.expect("Run /init", BOOT);
  await using _held = holdKey(vm.qmp, "shift");
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
});

test("another key held does not", async () => {
  await using vm = await bootNode({ name: "ctrl-held" });
  await vm.console.expect("Run /init", BOOT);
  await using _held = holdKey(vm.qmp, "ctrl");
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("ClumpOS");
});

test("a mode that was asked for by name is not changed to another without a key", async () => {
  await using vm = await bootNode({ name: "no-key", append: "novnc", keyboard: "usb" });
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("NoVNC");
});

test("a console= that names a port this machine has not holds nothing", async () => {
  await using vm = await bootNode({ name: "no-serial-port", serial: false });
  await seeOnScreen(vm, "10.0.2.15/24", BOOT);
  await seeOnScreen(vm, "shut this node down");
  await pressKeys(vm.qmp, ["esc"]);
  await seeOnScreen(vm, "shuts down in");
  await pressKeys(vm.qmp, ["esc"]);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("Ctrl-Alt-Del reboots", async () => {
  await using vm = await bootNode({ name: "ctrl-alt-del" });
  await vm.console.expect(ENTERED, BOOT);
  await pressKeys(vm.qmp, ["ctrl", "alt", "delete"]);
  expect(await vm.ended(SOON)).toBe("guest-reset");
});

test("the power button powers off", async () => {
  await using vm = await bootNode({ name: "power-button" });
  await vm.console.expect(ENTERED, BOOT);
  await vm.qmp.execute("system_powerdown");
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});
