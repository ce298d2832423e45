import { expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../../lib/node.ts";
import { openShell, output } from "../../lib/shell.ts";

/** A card whose driver is a rare one. */
const RARE_CARD = "tulip";

const logged = (vm: Vm, line: string) =>
  output(vm, `until dmesg | grep '${line}'; do usleep 300000; done`, { within: 90 });
const isAttached = async (vm: Vm) =>
  (await output(vm, "cat /sys/block/loop*/loop/backing_file")).includes("/rare-drivers.squashfs");

async function plugIn(vm: Vm): Promise<void> {
  await vm.qmp.execute("netdev_add", { type: "user", id: "late", net: "10.9.0.0/24" });
  await vm.qmp.execute("device_add", { driver: RARE_CARD, id: "nic1", netdev: "late", romfile: "" });
  await logged(vm, "10.9.0.15 ALIAS");
  expect(await output(vm, "readlink /sys/class/net/eth1/device/driver")).toEndWith(`/${RARE_CARD}\n`);
}

test("rare drivers stay in the memory of a node that nobody can give them again, and serve a card that is plugged in", async () => {
  await using vm = await bootNode({ name: "rare-drivers-in-memory", append: "expert" });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, SOON);
  expect(await isAttached(vm)).toBe(true);
  await plugIn(vm);
  expect(await output(vm, "cat /proc/mounts")).toContain(" /usr/lib/clump/rare-drivers squashfs ");
});
