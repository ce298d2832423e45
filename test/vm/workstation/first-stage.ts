/** What starts a workstation from its disk: Debian's kernel of the image, and an initramfs that mounts and hands over. */

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type CpioEntry, encodeCpio, findFile } from "../../../assets/build/cpio.ts";
import { splitInitramfs } from "../../../assets/build/packed-archive.ts";
import { run } from "../../../assets/build/run.ts";
import { imageFiles } from "../../lib/node.ts";

/** The file systems of both disks, and what reads the disks. */
const MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "squashfs"];

/** The system of the image under test, unpacked where it is wanted: its busybox, and its kernel's modules. */
export async function unpackSystem(folder: string): Promise<string> {
  const { rest } = splitInitramfs(readFileSync(imageFiles().initrd));
  const { begin, end } = findFile(rest, "clump.squashfs");
  const packed = join(folder, "clump.squashfs");
  writeFileSync(packed, rest.subarray(begin, end));
  const to = join(folder, "system");
  await run("unpack the image", ["unsquashfs", "-q", "-n", "-d", to, packed, "bin/busybox", "lib/modules"]);
  return to;
}

/** Writes the initramfs; `release` names the kernel. */
export function writeFirstStage(path: string, system: string, release: string): void {
  const folder = join(system, "lib/modules", release);
  const modules = inOrder(readFileSync(join(folder, "modules.dep"), "utf8"));
  const entries: CpioEntry[] = [
    ...["bin", "dev", "disk", "modules", "proc"].map(
      (name) => ({ path: name, type: "directory", mode: 0o755 }) as const,
    ),
    { path: "dev/console", type: "character", mode: 0o600, major: 5, minor: 1 },
    { path: "bin/busybox", type: "file", mode: 0o755, bytes: readFileSync(join(system, "bin/busybox")) },
    {
      path: "init",
      type: "file",
      mode: 0o755,
      bytes: Buffer.from(script(modules.map((module) => basename(module)))),
    },
    ...modules.map(
      (module) =>
        ({
          path: `modules/${basename(module)}`,
          type: "file",
          mode: 0o644,
          bytes: readFileSync(join(folder, module)),
        }) as const,
    ),
  ];
  writeFileSync(path, encodeCpio(entries));
}

/** The modules wanted, each behind those that it depends on: modules.dep lists these from the last to the first. */
function inOrder(dep: string): string[] {
  const lines = new Map(
    dep.split("\n").map((line) => {
      const [path = "", rest = ""] = line.split(":");
      return [basename(path, ".ko"), [path, ...rest.trim().split(" ").filter(Boolean)].toReversed()] as const;
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
