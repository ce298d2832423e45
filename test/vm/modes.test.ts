import { expect, test } from "bun:test";
import { pressKeys, typeText } from "../../assets/qemu/keyboard.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { seeOnScreen } from "../lib/screen.ts";
import { openShell, output, run } from "../lib/shell.ts";

test("ClumpOS is what a node becomes by itself; every console shows the node; a clumpview that is killed comes back; ESC ends the node", async () => {
  await using vm = await bootNode({ name: "clumpos", screen: true, append: "debug sysrq_always_enabled" });
  const [, node, address, nic, map] = await vm.console.expect(CONFIGURED, BOOT);
  expect([node, address, nic, map]).toEqual(["15", "10.0.2.15/24", "eth0", "1 10.0.2.1 254"]);
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("ClumpOS");
  await vm.console.expect("10.0.2.15/24", SOON);
  await vm.console.expect("shut this node down", SOON);
  await seeOnScreen(vm, "shut this node down");
  // SysRq-I kills every process but PID 1 (Documentation/admin-guide/sysrq.rst).
  await pressKeys(vm.qmp, ["alt", "sysrq", "i"]);
  await vm.console.expect(/clumpview ended with .*, starting it again/, SOON);
  await vm.console.expect("shut this node down", SOON);
  await leaveByEscape(vm);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("Expert is configured like the others and has a shell on every console, without AVX too (-cpu Nehalem)", async () => {
  await using vm = await bootNode({
    name: "expert",
    screen: true,
    append: "clump.mode=expert",
    cpu: "Nehalem",
  });
  await vm.console.expect(CONFIGURED, BOOT);
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
  await openShell(vm, SOON);
  expect(await output(vm, "cat /proc/cpuinfo")).not.toContain("avx");
  expect(await output(vm, "hostname")).toBe("node15\n");
  expect(vm.console.text).toMatch(/node15:\S*# /);
  expect(await output(vm, "ip -4 addr show eth0")).toContain("inet 10.0.2.15/24");
  // The web view is not there until somebody asks for it.
  expect(await output(vm, "netstat -ltn; ps -o args")).not.toMatch(/:8080|clumpweb/);
  await typeText(vm.qmp, "uname -r\n");
  await seeOnScreen(vm, (await output(vm, "uname -r")).trim());
});

test("Safe is a shell alone: nothing loaded but keyboards, nothing configured; halt leaves the machine on", async () => {
  const append = "systemd.unit=emergency.target";
  await using vm = await bootNode({ name: "safe", append, nics: [{ model: "e1000" }] });
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Safe");
  await openShell(vm, SOON);
  expect(vm.console.text).not.toMatch(CONFIGURED);
  expect(await output(vm, "hostname")).toBe("clump\n");
  expect(await output(vm, "lsmod")).not.toMatch(/^(virtio_net|e1000|r8169|libphy|mii)\b/m);
  expect(await output(vm, "ls /sys/class/net")).toBe("lo\n");
  expect((await run(vm, "test -e /etc/mosix.map")).code).toBe(1);
  // A person can still do by hand what the mode does not.
  expect(await output(vm, "modprobe e1000 && ls /sys/class/net")).toContain("eth0");
  vm.console.send("dmesg -n 8; halt\n");
  await vm.console.expect("System halted", SOON);
});
