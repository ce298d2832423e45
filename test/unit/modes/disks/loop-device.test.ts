import { expect, test } from "bun:test";
import { findLoopDevice } from "../../../../modes/disks/loop-device.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("findLoopDevice() finds the device of a file, be it deleted or not", () => {
  using root = makeRoot({
    "/sys/block/loop0/loop/backing_file": "/clump.squashfs (deleted)\n",
    "/sys/block/loop3/loop/backing_file": "/var/tools.img\n",
    "/sys/block/loop4/": "",
    "/sys/block/sda/size": "9\n",
  });
  expect(findLoopDevice(root.path, "/clump.squashfs")).toBe("/dev/loop0");
  expect(findLoopDevice(root.path, "/var/tools.img")).toBe("/dev/loop3");
  expect(findLoopDevice(root.path, "/clump")).toBeUndefined();
});
