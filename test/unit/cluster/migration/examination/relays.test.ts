import { describe, expect, test } from "bun:test";
import { planRelays, type Surroundings } from "../../../../../cluster/migration/examination/relays.ts";
import type { Descriptor } from "../../../../../probes/processes/process.ts";

const ALONE: Surroundings = {
  isHeldOutside: () => false,
  isSharedOutside: () => false,
  isThere: () => true,
  kindOf: ({ target }) => (target.startsWith("/dev/") ? "device" : "file"),
};
const SHARED: Surroundings = { ...ALONE, isHeldOutside: () => true, isSharedOutside: () => true };

const at = (fd: number, target: string, access: Descriptor["access"] = "write"): Descriptor => ({
  fd,
  target,
  access,
});

describe("planRelays()", () => {
  test.each<[string, Descriptor]>([
    ["a file that nobody else has open", at(1, "/tmp/out")],
    ["a pipe within the process", at(5, "pipe:[77]")],
    ["/dev/null", at(0, "/dev/null", "read")],
    ["/dev/urandom", at(4, "/dev/urandom", "read")],
    ["a timerfd", at(6, "anon_inode:[timerfd]", "both")],
    ["an eventfd", at(6, "anon_inode:[eventfd]", "both")],
  ])("lets %s travel", (_, descriptor) => {
    expect(planRelays([descriptor], ALONE)).toEqual({ relays: [], refusals: [] });
  });

  test.each<[string, Descriptor, { mode: "r" | "w"; key: string }]>([
    ["a pipe that is read", at(0, "pipe:[77]", "read"), { mode: "r", key: "pipe:[77]" }],
    ["a pipe that is written", at(1, "pipe:[77]"), { mode: "w", key: "pipe:[77]" }],
    ["a file whose offset others share", at(1, "/tmp/log"), { mode: "w", key: "tmp/log" }],
    ["a list that others read on", at(0, "/tmp/list", "read"), { mode: "r", key: "tmp/list" }],
  ])("relays %s", (_, descriptor, relay) => {
    expect(planRelays([descriptor], SHARED).relays).toEqual([{ fd: descriptor.fd, ...relay }]);
  });

  test("relays once what two descriptors share, as 2>&1 does", () => {
    expect(planRelays([at(1, "/tmp/log"), at(2, "/tmp/log")], SHARED).relays).toHaveLength(1);
  });

  test("takes one descriptor of the terminal", () => {
    const three = [0, 1, 2].map((fd) => at(fd, "/dev/pts/3", "both"));
    expect(planRelays(three, SHARED)).toEqual({ relays: [], terminal: 0, refusals: [] });
  });

  test.each<[string, Descriptor[], string]>([
    ["a socket", [at(3, "socket:[9]", "both")], "uses a socket (socket:[9])"],
    ["a watch of files", [at(3, "anon_inode:inotify", "read")], "uses inotify"],
    ["a queue of io_uring", [at(3, "anon_inode:[io_uring]", "both")], "uses io_uring"],
    ["a pidfd", [at(3, "anon_inode:[pidfd]", "both")], "uses pidfd"],
    ["a console", [at(0, "/dev/tty1", "both")], "uses the device /dev/tty1"],
    ["a disk", [at(3, "/dev/sda", "read")], "uses the device /dev/sda"],
    ["two terminals", [at(0, "/dev/pts/1"), at(1, "/dev/pts/2")], "uses two terminals: /dev/pts/2"],
    [
      "both ends of a jobserver's pipe",
      [at(3, "pipe:[7]", "read"), at(4, "pipe:[7]")],
      "holds both ends of pipe:[7], as a make jobserver does",
    ],
    [
      "a file read and written at one offset",
      [at(1, "/tmp/db", "both")],
      "shares the offset of /tmp/db, and reads and writes it",
    ],
    ["a file without a name", [at(1, "/tmp/x (deleted)")], "shares a file without a name (/tmp/x (deleted))"],
    [
      "a descriptor beyond the deputy's",
      [at(300, "pipe:[7]")],
      "shares descriptor 300, and 255 is the highest that is relayed",
    ],
  ])("refuses %s", (_, descriptors, refusal) => {
    expect(planRelays(descriptors, SHARED).refusals).toEqual([refusal]);
  });

  test("relays what a child shares with others where its root has it too", () => {
    const plan = planRelays([at(1, "pipe:[7]")], SHARED, [at(4, "pipe:[7]")]);
    expect(plan).toEqual({ relays: [{ fd: 1, mode: "w", key: "pipe:[7]" }], refusals: [] });
  });

  test.each<[string, Descriptor, string]>([
    ["a pipe", at(1, "pipe:[7]"), "a child of it alone shares pipe:[7] with others"],
    ["a terminal", at(0, "/dev/pts/3", "both"), "a child of it alone uses /dev/pts/3"],
  ])("refuses %s that a child has without its root", (_, descriptor, refusal) => {
    expect(planRelays([], SHARED, [descriptor]).refusals).toEqual([refusal]);
  });

  test("refuses a path that is open twice, and shared once", () => {
    const once: Surroundings = { ...SHARED, isSharedOutside: ({ fd }) => fd === 1 };
    const refusal = "has /tmp/log open twice, and shares one of them";
    expect(planRelays([at(1, "/tmp/log"), at(3, "/tmp/log")], once).refusals).toEqual([refusal]);
  });

  test("refuses a fifo with a name", () => {
    const fifo: Surroundings = { ...SHARED, kindOf: () => "fifo" };
    expect(planRelays([at(1, "/tmp/fifo")], fifo).refusals).toEqual(["uses the fifo /tmp/fifo"]);
  });
});
