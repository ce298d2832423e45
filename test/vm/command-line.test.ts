import { expect, test } from "bun:test";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

test.each([
  ["rd.shell", "Expert"],
  ["systemd.unit=emergency.target", "Safe"],
  ["clump.mode=safe clump.mode=expert", "Expert"],
])("%s leads to %s", async (words, title) => {
  await using vm = await bootNode({ name: `words ${words}`, append: words });
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe(title);
});

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

test(
  "hostname=, clump.map= and modprobe.blacklist= do what they say",
  async () => {
    const words = "expert hostname=alpha clump.map=10_10.0.2.15_1".replaceAll("_", " ");
    const [expertWords, map] = words.split(" clump.map=");
    await using vm = await bootNode({
      name: "options",
      append: `${expertWords} "clump.map=${map}" modprobe.blacklist=e1000`,
      nics: [{ model: "virtio-net-pci" }, { model: "e1000", network: { kind: "nobody" } }],
    });
    const [, node, , , text] = await vm.console.expect(CONFIGURED, BOOT);
    expect([node, text]).toEqual(["10", "10 10.0.2.15 1"]);
    await openShell(vm, BOOT);
    expect(await output(vm, "hostname")).toBe("alpha\n");
    expect(await output(vm, "lsmod")).not.toMatch(/^e1000\b/m);
    expect(await output(vm, "ls /sys/class/net")).not.toContain("eth1");
  },
  { timeout: 120_000 },
);

test("without such words the same machine loads every driver and names itself", async () => {
  await using vm = await bootNode({
    name: "no-options",
    append: "expert",
    nics: [{ model: "virtio-net-pci" }, { model: "e1000", network: { kind: "nobody" } }],
  });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, BOOT);
  expect(await output(vm, "hostname")).not.toBe("alpha\n");
  expect(await output(vm, "lsmod")).toMatch(/^e1000\b/m);
  expect(await output(vm, "ls /sys/class/net")).toContain("eth1");
});

test("quiet keeps our lines off the screen", async () => {
  await using quiet = await bootNode({ name: "quiet", append: "quiet" });
  await quiet.console.expect("10.0.2.15/24", BOOT);
  await quiet.console.expect("shut this node down", SOON);
  expect(quiet.console.text).not.toContain("clump: ");
});
