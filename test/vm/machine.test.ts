import { expect, test } from "bun:test";
import { holdKey, pressKeys } from "../../assets/qemu/keyboard.ts";
import { LEAST_MEGABYTES } from "../../assets/start/options.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { seeOnScreen } from "../lib/screen.ts";

test("the smallest memory that the README promises is enough for the node and its screen; quiet keeps our lines off it", async () => {
  const memoryMegabytes = LEAST_MEGABYTES;
  await using vm = await bootNode({
    name: "smallest-memory",
    screen: true,
    memoryMegabytes,
    append: "quiet",
  });
  await vm.console.expect("10.0.2.15/24", BOOT);
  await vm.console.expect("shut this node down", BOOT);
  expect(vm.console.text).not.toContain("clump: ");
  await leaveByEscape(vm);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("half of that memory is not: the number means something", async () => {
  await using vm = await bootNode({
    name: "too-little-memory",
    screen: true,
    memoryMegabytes: LEAST_MEGABYTES / 2,
  });
  await expect(vm.console.expect(CONFIGURED, SOON)).rejects.toThrow("Cannot see");
});

test.each(["ps2", "usb"] as const)("Shift held on a %s keyboard leads to Expert", async (keyboard) => {
  await using vm = await bootNode({ name: `shift-${keyboard}`, keyboard });
  // A key pressed while the kernel is still finding the keyboard is one whose press it never hears of.
  await vm.console.expect("Run /init", BOOT);
  await using _held = holdKey(vm.qmp, "shift");
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
});

test("another key held does not; Ctrl-Alt-Del reboots", async () => {
  await using vm = await bootNode({ name: "ctrl-alt-del" });
  await vm.console.expect("Run /init", BOOT);
  {
    await using _held = holdKey(vm.qmp, "ctrl");
    expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("ClumpOS");
  }
  await pressKeys(vm.qmp, ["ctrl", "alt", "delete"]);
  expect(await vm.ended(SOON)).toBe("guest-reset");
});

test("a console= that names a port this machine has not holds nothing", async () => {
  await using vm = await bootNode({ name: "no-serial-port", screen: true, serial: false });
  await seeOnScreen(vm, "10.0.2.15/24", BOOT);
  await seeOnScreen(vm, "shut this node down");
  // The second one does not wait for the first one's countdown.
  for (const _ of ["count", "now"]) await pressKeys(vm.qmp, ["esc"]);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});
