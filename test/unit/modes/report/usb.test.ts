import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { writeToUsb } from "../../../../modes/report/usb.ts";
import { disk, partition, SATA, USB } from "../../../fixtures/disks.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";

const STICK = { ...disk(USB, "sdb"), ...partition(USB, "sdb1"), ...partition(USB, "sdb2"), "/dev/": "" };
const REPORT = { text: "all of it\n", name: "clump-node7.txt" };

let root: Root;
beforeEach(() => {
  root = makeRoot({ ...STICK, ...disk(SATA, "sda"), ...partition(SATA, "sda1") });
});
afterEach(() => root[Symbol.dispose]());

describe("writeToUsb()", () => {
  /** Plays mount(8) and the others: those devices that refuse, do. */
  function tools(refusing: readonly string[]) {
    const asked: string[] = [];
    const run = async (command: readonly string[]) => {
      asked.push(command.map((word) => word.replace(root.path, "")).join(" "));
      const ok = !refusing.some((device) => command.includes("mount") && command.includes(device));
      return { ok, output: "", complaint: ok ? "" : "mount: mounting it failed: Invalid argument" };
    };
    return { asked, run };
  }

  test("writes to the first that takes it, and gives the disk back", async () => {
    const { asked, run } = tools(["/dev/sdb1"]);
    const place = await writeToUsb(REPORT, { root: root.path, run });
    expect(place).toBe("clump-node7.txt on /dev/sdb2");
    expect(root.read("/run/clump/usb/clump-node7.txt")).toBe(REPORT.text);
    expect(asked[0]).toBe("/usr/sbin/modprobe sd_mod");
    expect(asked.filter((command) => command.includes("mount"))).toEqual([
      "/usr/bin/busybox mount -o nosuid,nodev,noexec /dev/sdb1 /run/clump/usb",
      "/usr/bin/busybox mount -o nosuid,nodev,noexec /dev/sdb2 /run/clump/usb",
      "/usr/bin/busybox umount /run/clump/usb",
    ]);
  });

  test("says of each why it does not take it", async () => {
    const { run } = tools(["/dev/sdb1", "/dev/sdb2"]);
    const writing = writeToUsb(REPORT, { root: root.path, run, patienceMilliseconds: 1 });
    await expect(writing).rejects.toThrow(
      "/dev/sdb1: mounting it failed: Invalid argument, and FAT or exFAT was wanted; /dev/sdb2: ",
    );
  });

  test("says what was wanted where there is none", async () => {
    using empty = makeRoot({ "/dev/": "" });
    const writing = writeToUsb(REPORT, { root: empty.path, run: tools([]).run, patienceMilliseconds: 1 });
    await expect(writing).rejects.toThrow("there is no USB disk, and one with a FAT or exFAT file system");
  });

  test("waits for a disk that comes while it looks", async () => {
    using late = makeRoot({ "/dev/": "" });
    const { run } = tools([]);
    const writing = writeToUsb(REPORT, { root: late.path, run, patienceMilliseconds: 10_000 });
    setImmediate(() => late.write({ ...STICK, "/dev/sdb1": "" }));
    expect(await writing).toBe("clump-node7.txt on /dev/sdb1");
  });
});
