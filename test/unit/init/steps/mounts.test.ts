import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mountKernelFileSystems } from "../../../../init/steps/mounts.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { FakeKernel } from "../../../lib/fake-kernel.ts";

test("mountKernelFileSystems() mounts in an order that hides nothing", () => {
  using root = makeRoot();
  const kernel = new FakeKernel();
  mountKernelFileSystems({ kernel, root: root.path });
  expect(kernel.calls.map((call) => call.replace(root.path, ""))).toEqual([
    "mount devtmpfs on /dev nosuid mode=0755",
    "mount sysfs on /sys nosuid nodev noexec",
    "mount cgroup2 on /sys/fs/cgroup nosuid nodev noexec",
    "mount tmpfs on /run nosuid nodev mode=0755,size=5%",
    "mount tmpfs on /run/clump nosuid nodev mode=0755,size=5%",
    "mount tmpfs on /run/clump/jobs nosuid nodev mode=0711,size=25%",
    "mount tmpfs on /tmp nosuid nodev mode=1777,size=20%",
    "mount devpts on /dev/pts nosuid noexec gid=5,mode=620",
    "mount tmpfs on /dev/shm nosuid nodev mode=1777,size=10%",
  ]);
  expect(existsSync(`${root.path}/dev/pts`)).toBe(true);
});

test("mountKernelFileSystems() stops at the first that fails", () => {
  using root = makeRoot();
  const kernel = new FakeKernel();
  kernel.failures.push({ call: "mount sysfs", message: "Cannot mount sysfs on /sys: EBUSY" });
  expect(() => mountKernelFileSystems({ kernel, root: root.path })).toThrow(
    "Cannot mount sysfs on /sys: EBUSY",
  );
  expect(kernel.calls).toHaveLength(1);
});
