/** What starts a workstation from its disk: an initramfs that mounts and hands over. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CpioEntry, encodeCpio } from "../../../assets/build/cpio.ts";
import { readModule } from "../../../assets/image/module-tree.ts";
import { moduleName } from "../../../assets/image/modules.ts";
import type { Kernel } from "./kernel.ts";

/** The file systems of both disks, and what reads the disks, where the kernel has them as modules. */
const MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "squashfs"];

/** Writes the initramfs. @throws Error where a module cannot be unpacked */
export async function writeFirstStage(path: string, busybox: string, kernel: Kernel): Promise<void> {
  const folder = join(kernel.modules, kernel.release);
  const modules = inOrder(readFileSync(join(folder, "modules.dep"), "utf8"));
  const names = modules.map((module) => `${moduleName(module)}.ko`);
  const entries: CpioEntry[] = [
    ...["bin", "dev", "disk", "modules", "proc"].map(
      (name) => ({ path: name, type: "directory", mode: 0o755 }) as const,
    ),
    { path: "dev/console", type: "character", mode: 0o600, major: 5, minor: 1 },
    { path: "bin/busybox", type: "file", mode: 0o755, bytes: readFileSync(busybox) },
    { path: "init", type: "file", mode: 0o755, bytes: Buffer.from(script(names)) },
  ];
  for (const [index, module] of modules.entries()) {
    const bytes = await readModule(join(folder, module));
    entries.push({ path: `modules/${names[index]}`, type: "file", mode: 0o644, bytes });
  }
  writeFileSync(path, encodeCpio(entries));
}

/** The modules wanted, each behind those that it depends on: modules.dep lists these from the last to the first. */
function inOrder(dep: string): string[] {
  const lines = new Map(
    dep.split("\n").map((line) => {
      const [path = "", rest = ""] = line.split(":");
      return [moduleName(path), [path, ...rest.trim().split(" ").filter(Boolean)].toReversed()] as const;
    }),
  );
  return [...new Set(MODULES.flatMap((name) => lines.get(name) ?? []))];
}

function script(modules: readonly string[]): string {
  return `#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
for module in ${modules.join(" ")}; do $b insmod /modules/$module; done
until [ -b /dev/vda ] && [ -b /dev/vdb ]; do $b usleep 50000; done
$b mount -t ext4 /dev/vda /disk
$b mkdir -p /disk/lib/modules
$b mount -t squashfs -o ro /dev/vdb /disk/srv
$b mount -o bind /disk/srv/modules /disk/lib/modules
$b cp -a /disk/srv/etc/. /disk/etc/
for user in "u 1000" "v 1001"; do
	set -- $user
	echo "$1:x:$2:$2::/home/$1:/bin/bash" >>/disk/etc/passwd
	echo "$1:x:$2:" >>/disk/etc/group
	echo "$1:*:19000:0:99999:7:::" >>/disk/etc/shadow
	$b mkdir -m 700 /disk/home/$1
	$b chown $2:$2 /disk/home/$1
done
$b umount /dev
exec $b switch_root /disk /sbin/init
`;
}
