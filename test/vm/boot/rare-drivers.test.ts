import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { serveFiles } from "../../../modes/serve/files.ts";
import { BOOT, bootNode, CONFIGURED, imageFiles, SOON } from "../../lib/node.ts";
import { openShell, output } from "../../lib/shell.ts";

const initrd = resolve(imageFiles().initrd);
const folder = mkdtempSync(join(tmpdir(), "clump-rare-"));
mkdirSync(join(folder, "clump"));
symlinkSync(initrd, join(folder, "clump/initramfs.img"));
afterAll(() => rmSync(folder, { recursive: true }));

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

test("rare drivers leave the memory of a node whose server has them, and come back for a card that is plugged in", async () => {
  const server = await serveFiles({
    ...{ address: "127.0.0.1", port: 0, folder, linked: dirname(initrd) },
    requested: () => {},
  });
  await using vm = await bootNode({
    name: "rare-drivers-by-http",
    append: `expert clump.tools=http://10.0.2.2:${server.port}/clump/tools.img`,
  });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, SOON);
  await logged(vm, "rare drivers leave memory");
  expect(await isAttached(vm)).toBe(false);
  await plugIn(vm);
  expect(await output(vm, "dmesg | grep -c 'rare drivers are back in memory'")).toBe("1\n");
  await server.stop();
});

test("rare drivers stay in the memory of a node that nobody can give them again, and serve a card that is plugged in", async () => {
  await using vm = await bootNode({ name: "rare-drivers-in-memory", append: "expert" });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, SOON);
  expect(await isAttached(vm)).toBe(true);
  await plugIn(vm);
  expect(await output(vm, "cat /proc/mounts")).toContain(" /usr/lib/clump/rare-drivers squashfs ");
});
