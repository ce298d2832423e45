import { expect, test } from "bun:test";
import { BOOT, bootNode, CONFIGURED, ENTERED } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

test("a bad value is reported with the values wanted, unknown words are ignored, and the boot goes on", async () => {
  const garbage =
    'clump.mode=banana hostname=-x- panic=soon clump.map=nonsense --- = =x "a b quux=\x01 ip=::::: -Z';
  await using vm = await bootNode({ name: "garbage", append: garbage });
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("ClumpOS");
  expect(vm.console.text).toMatch(/Cannot use clump\.mode=banana: .*clumpos, novnc, expert or safe/);
  expect(vm.console.text).toMatch(/Cannot use hostname=-x-: /);
  expect(vm.console.text).toMatch(/Cannot use panic=soon: /);
  expect(vm.console.text).not.toContain("quux: ");
});

test("hostname=, clump.map= and modprobe.blacklist= do what they say", async () => {
  await using vm = await bootNode({
    name: "options",
    append: 'expert hostname=alpha "clump.map=10 10.0.2.15 1" modprobe.blacklist=e1000',
    nics: [{ model: "virtio-net-pci" }, { model: "e1000", network: { kind: "nobody" } }],
  });
  const [, node, , , text] = await vm.console.expect(CONFIGURED, BOOT);
  expect([node, text]).toEqual(["10", "10 10.0.2.15 1"]);
  await openShell(vm, BOOT);
  expect(await output(vm, "hostname")).toBe("alpha\n");
  expect(await output(vm, "lsmod")).not.toMatch(/^e1000\b/m);
  expect(await output(vm, "ls /sys/class/net")).not.toContain("eth1");
  // The screen names the card; clumpview draws the same file.
  expect(await output(vm, "clumpview --once")).toContain("8086:100e has no driver: e1000 is blacklisted");
});
