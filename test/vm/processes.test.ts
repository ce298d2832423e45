import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

const ORPHANS = 300;

test("orphans are reaped under load; poweroff tells the processes first, then writes, then unmounts", async () => {
  await using vm = await bootNode({ name: "orphans", append: "clump.mode=safe clump.mode=expert" });
  expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
  await openShell(vm, BOOT);
  // A shell in brackets leaves its child behind; half of these end while others are still made.
  const make = `i=0; while [ $i -lt ${ORPHANS} ]; do (sleep 0.$((i % 10)) &); i=$((i+1)); done`;
  const check = "(exit 7); echo own $?";
  // The shell still gets the ends of its own children.
  expect(await output(vm, `${make}; ${check}`, { within: 90 })).toContain("own 7");
  await output(vm, "while ps -o stat,args | grep -E '^Z|sleep 0[.]'; do usleep 300000; done");

  const told = "trap 'echo told >/dev/kmsg; exit' TERM; echo listens";
  vm.console.send(`(${told}; while :; do sleep 1; done) &\n`);
  await vm.console.expect("listens\n", SOON);
  vm.console.send("dmesg -n 8; poweroff\n");
  await vm.console.expect("] told", SOON);
  await vm.console.expect(/write what is still in memory: ok/, SOON);
  await vm.console.expect(/unmount the disks: ok/, SOON);
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

describe("on one node, in this order", () => {
  let vm: Vm;

  beforeAll(async () => {
    vm = await bootNode({ name: "processes", append: "rd.shell" });
    expect((await vm.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
    await openShell(vm, BOOT);
  }, 240_000);
  afterAll(async () => await vm[Symbol.asyncDispose]());

  test("no signal ends process 1", async () => {
    const ready = "until dmesg | grep -q 'clumpd is ready'; do sleep 1; done; echo yes";
    expect(await output(vm, ready, BOOT)).toBe("yes\n");
    // SIGINT, SIGUSR1, SIGUSR2 and SIGTERM ask for the end of the machine.
    const signals = "for s in $(seq 1 64); do case $s in 2|10|12|15) ;; *) kill -$s 1 ;; esac; done";
    expect(await output(vm, `${signals}; sleep 1; echo alive`)).toContain("alive");
  });

  test("full file systems take nothing from programs", async () => {
    const pid = await output(vm, "pidof clumpd");
    const fill = "for f in /tmp/big /run/big; do dd if=/dev/zero of=$f bs=1M 2>/dev/null; done";
    const full = "dmesg | grep -c -E '/(tmp|run) is full'";
    await output(vm, `${fill}; until [ $(${full}) -ge 2 ]; do sleep 1; done`, BOOT);
    expect(await output(vm, "pidof clumpd")).toBe(pid);
    expect(await output(vm, "grep -o '/tmp is full[^\"]*' /run/clump/status.json")).toMatch(
      /^\/tmp is full: all of its \d+ MB are used, delete files there\n$/,
    );
    expect(await output(vm, "cat /proc/$(pidof clumpd)/oom_score_adj")).toBe("-900\n");
    const room = "rm /tmp/big /run/big; until dmesg | grep -q '/tmp has room again'; do sleep 1; done";
    await output(vm, room, BOOT);
    await output(vm, "while grep -q 'is full' /run/clump/status.json; do sleep 1; done", SOON);
  });

  test("a shell that is left or killed comes back; reboot restarts the machine", async () => {
    const first = (await output(vm, "echo $$")).trim();
    vm.console.send("exit\n");
    await openShell(vm, SOON);
    const second = (await output(vm, "echo $$")).trim();
    expect(second).not.toBe(first);
    vm.console.send("kill -9 $$\n");
    await openShell(vm, SOON);
    expect((await output(vm, "echo $$")).trim()).not.toBe(second);
    vm.console.send("reboot\n");
    expect(await vm.ended(SOON)).toBe("guest-reset");
  });
});
