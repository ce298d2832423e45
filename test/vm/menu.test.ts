import { expect, test } from "bun:test";
import { pressKeys, typeText } from "../../assets/qemu/keyboard.ts";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import type { Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, SOON } from "../lib/node.ts";
import { seeOnScreen } from "../lib/screen.ts";
import { openShell, output, run } from "../lib/shell.ts";

/** Presses keys in the menu until it shows this. */
async function press(vm: Vm, keys: string, wanted: string | RegExp): Promise<void> {
  vm.console.send(keys);
  await vm.console.expect(wanted, SOON);
}

/** Waits until the node says this of itself. */
async function becomes(vm: Vm, words: string): Promise<void> {
  await output(vm, `until clumpview --once | grep -q '${words}'; do usleep 300000; done`, BOOT);
}

test("in Expert the menu gives a card an address by hand, asks DHCP again, applies a map and stops the cluster", async () => {
  using server = startDhcpServer({ server: "192.168.9.254", client: "192.168.9.5", leaseSeconds: 3_600 });
  server.answers = false;
  await using vm = await bootNode({
    name: "menu",
    screen: true,
    append: "expert rd.net.timeout.dhcp=1",
    nics: [{ model: "virtio-net-pci", network: { kind: "socket", path: server.path } }],
  });
  await openShell(vm, BOOT);
  expect(await output(vm, "cat /etc/motd")).toContain("menu");

  vm.console.send("menu\n");
  await vm.console.expect("What do you want to do?", SOON);
  await press(vm, "1", /> 1 {2}eth0 {2}0000:00/);
  await press(vm, "1", "Set its address by hand");
  await press(vm, "2", "Address of eth0");
  await press(vm, "10.7.0.300/24\r\r\r", "Cannot use 10.7.0.300/24 as the address");
  await press(vm, `${"\x7f".repeat(6)}9/24\r10.7.0.1\r\r`, "eth0 has 10.7.0.9/24");
  await press(vm, "", "1 10.7.0.1 254");
  vm.console.send("\x03");
  await vm.console.expect("# ", SOON);
  expect(await output(vm, "setpe -r")).toContain("10.7.0.1");
  expect(await output(vm, "cat /run/clump/node")).toBe("9\n");
  expect(await output(vm, "ip route")).toContain("default via 10.7.0.1 dev eth0");

  await output(vm, "pidof clumpd");
  await output(vm, "clump stop clumpd");
  expect((await run(vm, "pidof clumpd")).code).toBe(1);
  expect((await run(vm, "clump stop clumpd")).output).toContain("Cannot stop clumpd: it does not run");
  // What is old is not shown as up.
  await output(vm, "until clump nodes | grep -q 'problem: clumpd was stopped'; do usleep 300000; done", BOOT);
  expect(await output(vm, "clump nodes")).not.toMatch(/ up /);
  expect(await output(vm, "clumpview --once")).not.toMatch(/ up /);
  await output(vm, "clump start clumpd; pidof clumpd");

  // The same on the other console, at the same time.
  await typeText(vm.qmp, "menu\n");
  await seeOnScreen(vm, "What do you want to do?");
  await pressKeys(vm.qmp, ["2"]);
  await seeOnScreen(vm, "2  Stop clumpd");
  await pressKeys(vm.qmp, ["q"]);

  server.answers = true;
  await output(vm, "clump dhcp eth0");
  await becomes(vm, "192.168.9.5/24");
  expect(await output(vm, "cat /run/clump/node")).toBe("5\n");
  expect(await output(vm, "ip address show eth0")).not.toContain("10.7.0.9");

  await output(vm, "echo '5 192.168.9.5 3' > /tmp/map");
  vm.console.send("menu\n");
  await vm.console.expect("What do you want to do?", SOON);
  await press(vm, `3${"\x7f".repeat(20)}/tmp/map\r`, "The map is right");
  await press(vm, "\r", "The map is in force");
});
