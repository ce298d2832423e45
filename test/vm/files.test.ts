import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run as runCommand } from "../../assets/build/run.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { openShell, output, run } from "../lib/shell.ts";

/** A program of Debian that busybox does not have, linked with the C library alone. */
const PROGRAM = "ptx";

async function makeDisk() {
  const folder = mkdtempSync(join(tmpdir(), "clump-ext4-"));
  const path = join(folder, "disk.img");
  mkdirSync(join(folder, "files"));
  copyFileSync(`/usr/bin/${PROGRAM}`, join(folder, "files", PROGRAM));
  await runCommand("make a disk", ["mkfs.ext4", "-q", "-d", join(folder, "files"), path, "32M"]);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

test("a disk with ext4 is mounted by hand and by nothing else, and a program of Debian 12 runs from it", async () => {
  using disk = await makeDisk();
  await using vm = await bootNode({ name: "files", append: "expert", usbDisk: disk.path });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, BOOT);
  const stick = "/sys/bus/usb/drivers/usb-storage/*:*";
  await output(vm, `until ls ${stick} >/dev/null 2>&1; do usleep 300000; done`, BOOT);
  expect(await output(vm, "lsmod")).not.toMatch(/^(sd_mod|nvme|ext4|nfs|overlay)\b/m);
  await output(vm, "modprobe sd_mod; until [ -e /dev/sda ]; do usleep 300000; done", BOOT);
  expect(await output(vm, "cat /proc/mounts")).not.toContain("/dev/sd");
  await output(vm, "mount -t ext4 /dev/sda /mnt");
  expect(await output(vm, `/mnt/${PROGRAM} --version`)).toContain("GNU coreutils");
  await output(vm, "echo kept >/mnt/letter && umount /mnt && mount -t ext4 /dev/sda /mnt");
  expect(await output(vm, "cat /mnt/letter")).toBe("kept\n");

  await output(vm, "mkdir -p /tmp/over/up /tmp/over/work /tmp/over/all && cd /tmp/over");
  await output(vm, "mount -t overlay -o lowerdir=/mnt,upperdir=up,workdir=work overlay all");
  await output(vm, "echo above >/tmp/over/all/letter");
  expect(await output(vm, "cat /tmp/over/all/letter /mnt/letter")).toBe("above\nkept\n");

  // Nothing on QEMU's network serves NFS: the refusal comes from the network, and so from the file system's module.
  for (const version of ["3", "4.2"]) {
    const mounted = await run(
      vm,
      `mount -t nfs -o vers=${version},nolock,soft,timeo=20,retrans=1,addr=10.0.2.2 10.0.2.2:/none /mnt 2>&1`,
      SOON,
    );
    expect(mounted.output).toMatch(/refused|timed out/i);
  }
  expect(await output(vm, "grep -c nfs /proc/filesystems")).toBe("2\n");
});
