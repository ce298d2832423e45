/** The files of a workstation, to see what a package leaves. */

import type { Vm } from "../../../assets/qemu/vm.ts";
import { output } from "../../lib/shell.ts";

/** What packages and the system note of their own work, and what belongs to the test. */
const NOTED = [
  "/var/log",
  "/var/lib/apt",
  "/var/lib/dpkg",
  "/var/lib/systemd",
  "/var/cache",
  "/srv",
  "/home",
];

/** Every path of the disk and of clump's folder in /run, sorted, one a line. */
export async function listFiles(desk: Vm): Promise<string> {
  const prune = NOTED.map((path) => `-path ${path}`).join(" -o ");
  return await output(desk, `find / /run/clump -xdev \\( ${prune} \\) -prune -o -print 2>/dev/null | sort`);
}
