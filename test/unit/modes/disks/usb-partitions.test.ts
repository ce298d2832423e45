import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { findUsbPartitions } from "../../../../modes/disks/usb-partitions.ts";
import { disk, partition, SATA, USB } from "../../../fixtures/disks.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";

let root: Root;
beforeEach(() => {
  root = makeRoot({
    ...{ ...disk(USB, "sdb"), ...partition(USB, "sdb1"), ...partition(USB, "sdb2") },
    ...{ ...disk(SATA, "sda"), ...partition(SATA, "sda1") },
  });
});
afterEach(() => root[Symbol.dispose]());

describe("findUsbPartitions()", () => {
  test("gives the partitions of USB disks, and no other disk", () => {
    expect(findUsbPartitions(root.path)).toEqual(["/dev/sdb1", "/dev/sdb2"]);
  });

  test("gives a disk without partitions as a whole", () => {
    root.write(disk(USB, "sdc"));
    expect(findUsbPartitions(root.path)).toEqual(["/dev/sdb1", "/dev/sdb2", "/dev/sdc"]);
  });

  test("leaves out what has no size: a card reader without a card", () => {
    root.write({ ...disk(USB, "sdc"), [`${USB}/sdc/size`]: "0\n" });
    expect(findUsbPartitions(root.path)).not.toContain("/dev/sdc");
  });
});
