import { afterEach, describe, expect, jest, test } from "bun:test";
import { finish } from "../../../../init/end/finish.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

const MOUNTS = `rootfs / rootfs rw 0 0
proc /proc proc rw 0 0
/dev/loop0 /usr squashfs ro 0 0
/dev/sda1 /mnt ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/sdb1 /mnt/a\\040disk\\134 vfat rw 0 0
server:/home /home nfs4 rw 0 0
`;

const QUIET = {
  "/proc/1/cmdline": "/init",
  "/proc/2/cmdline": "",
  "/proc/uptime": "1 1\n",
  "/proc/mounts": "",
};

function supervisorOf(calls: string[], stop: () => Promise<void> = async () => {}) {
  return {
    start: () => {},
    stop: () => {
      calls.push("stop the services");
      return stop();
    },
  };
}

function bench(root: Root) {
  const machine = fakeMachine(root.path);
  return { machine, calls: machine.kernel.calls };
}

describe("finish()", () => {
  test("stops services and processes, syncs, unmounts disks from the innermost on, and ends", async () => {
    using root = makeRoot({ ...QUIET, "/proc/mounts": MOUNTS });
    const { machine, calls } = bench(root);
    const leave = async () => void calls.push("leave the network");
    await finish(machine, "power-off", { supervisor: supervisorOf(calls), leave });
    expect(calls).toEqual([
      "stop the services",
      "leave the network",
      "SIGTERM to all",
      "SIGKILL to all",
      "sync",
      "unmount /home",
      "unmount /mnt/a disk\\",
      "unmount /mnt",
      "power-off",
    ]);
    expect(machine.log.lines.at(-1)).toBe("info: power-off now");
  });

  test.each([
    ["", 0, "info: send the guests home: ok (0.000 s)"],
    [
      ", and names what stays",
      1,
      "warn: Cannot send the guests home: Cannot move process 7: no room, ignoring",
    ],
  ])("sends guests home before it stops the services%s", async (_, status, line) => {
    using root = makeRoot({ ...QUIET, "/run/clump/jobs/records/guests/7.abc": "{}" });
    const { machine, calls } = bench(root);
    machine.children.onSpawn = (child) => {
      calls.push(child.command.join(" "));
      child.said = "Cannot move process 7: no room\n";
      child.finish(status);
    };
    await finish(machine, "halt", { supervisor: supervisorOf(calls) });
    expect(calls.slice(0, 2)).toEqual(["/usr/bin/mosctl expel", "stop the services"]);
    expect(machine.log.lines).toContain(line);
  });

  test("leaves Slurm before the guests go and the services stop", async () => {
    using root = makeRoot({
      ...QUIET,
      "/run/slurm/leave": "wait\n",
      "/run/clump/jobs/records/guests/7.abc": "{}",
    });
    const { machine, calls } = bench(root);
    machine.children.onSpawn = (child) => {
      calls.push(child.command.join(" "));
      child.finish(0);
    };
    await finish(machine, "halt", { supervisor: supervisorOf(calls) });
    expect(calls.slice(0, 3)).toEqual([
      "/usr/lib/clump/slurm-node leave wait",
      "/usr/bin/mosctl expel",
      "stop the services",
    ]);
  });

  test.each(["power-off", "restart", "halt"] as const)("ends by %s", async (how) => {
    using root = makeRoot(QUIET);
    const { machine, calls } = bench(root);
    await finish(machine, how, {});
    expect(calls.at(-1)).toBe(how);
  });

  test("unmounts the others where one is busy", async () => {
    using root = makeRoot({ ...QUIET, "/proc/mounts": MOUNTS });
    const { machine, calls } = bench(root);
    machine.kernel.failures.push({ call: "unmount /mnt/a", message: "Cannot unmount /mnt/a disk: EBUSY" });
    await finish(machine, "halt", {});
    expect(calls.slice(-3)).toEqual(["unmount /home", "unmount /mnt", "halt"]);
    expect(machine.log.lines).toContain("warn: Cannot unmount /mnt/a disk: EBUSY, ignoring");
  });

  test("ends whatever fails before", async () => {
    using root = makeRoot();
    const { machine, calls } = bench(root);
    machine.kernel.failures.push({ call: "sync", message: "Cannot sync" });
    const broken = supervisorOf(calls, async () => {
      throw new Error("no service to stop");
    });
    await finish(machine, "restart", {
      supervisor: broken,
      leave: async () => Promise.reject(new Error("no network")),
    });
    expect(calls).toEqual(["stop the services", "SIGTERM to all", "restart"]);
    const warnings = machine.log.lines.filter((line) => line.startsWith("warn: Cannot "));
    expect(warnings).toHaveLength(4);
  });

  test("ends though a service never stops", async () => {
    jest.useFakeTimers();
    using root = makeRoot(QUIET);
    const { machine, calls } = bench(root);
    const finished = finish(machine, "halt", {
      supervisor: supervisorOf(calls, () => new Promise(() => {})),
      leave: () => new Promise(() => {}),
    });
    await settle();
    jest.advanceTimersByTime(10_000);
    await settle();
    // The network gets a moment only.
    jest.advanceTimersByTime(1_000);
    await finished;
    expect(calls.at(-1)).toBe("halt");
  });

  test("waits for processes to end by SIGTERM, collecting them, but not for ever", async () => {
    jest.useFakeTimers();
    using root = makeRoot({ ...QUIET, "/proc/77/cmdline": "/usr/sbin/slow\0" });
    const { machine, calls } = bench(root);
    const finished = finish(machine, "halt", {});
    for (let waited = 0; waited < 1_900; waited += 50) {
      await settle();
      jest.advanceTimersByTime(50);
    }
    await settle();
    expect(calls).toEqual(["SIGTERM to all"]);
    expect(machine.children.reaps).toBeGreaterThan(30);
    jest.advanceTimersByTime(150);
    await finished;
    expect(calls).toEqual(["SIGTERM to all", "SIGKILL to all", "sync", "halt"]);
  });

  test("goes on as soon as only kernel threads are left", async () => {
    jest.useFakeTimers();
    using root = makeRoot({ ...QUIET, "/proc/77/cmdline": "/usr/sbin/quick\0" });
    const { machine, calls } = bench(root);
    const finished = finish(machine, "halt", {});
    await settle();
    root.write({ "/proc/77/cmdline": "" });
    jest.advanceTimersByTime(50);
    await finished;
    expect(calls.at(-1)).toBe("halt");
  });
});
