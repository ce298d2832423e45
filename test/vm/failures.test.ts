import { expect, test } from "bun:test";
import { EMERGENCY_TITLE } from "../../init/end/failure-screen.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, imageFiles, SOON } from "../lib/node.ts";
import { patchFirstStage } from "../lib/patched-initrd.ts";
import { openShell, output } from "../lib/shell.ts";

/** A file where /sys belongs: PID 1 cannot mount it. */
const SYS = ["/new/sys ", "&& >/new/sys && $b mkdir -p "] as const;

test("a required step that fails shows one screen with what failed, why and what to try, then a shell", async () => {
  using initrd = patchFirstStage(...SYS);
  await using vm = await bootNode({ name: "emergency", initrd: initrd.path });
  await vm.console.expect(EMERGENCY_TITLE, BOOT);
  await vm.console.expect("What failed:", SOON);
  await vm.console.expect("mount the kernel's file systems", SOON);
  await vm.console.expect("What to try:", SOON);
  await vm.console.expect("photograph this screen, or type clump report usb", SOON);
  await openShell(vm, SOON);
  expect(await output(vm, "echo $PPID")).toBe("1\n");
  const report = "/run/clump/report.txt";
  expect(
    await output(vm, `until test -s ${report}; do sleep 1; done; head -n 1 ${report}`, BOOT),
  ).toStartWith("clump 7");
  expect(await output(vm, "clump report --output -", BOOT)).toContain(
    "Cannot mount the kernel's file systems",
  );
  vm.console.send("poweroff\n");
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test("with panic= it restarts after so many seconds instead", async () => {
  using initrd = patchFirstStage(...SYS);
  await using vm = await bootNode({ name: "emergency-panic", initrd: initrd.path, append: "panic=3" });
  await vm.console.expect(EMERGENCY_TITLE, BOOT);
  expect(await vm.ended(SOON)).toBe("guest-reset");
  // By the machine's own clock: the log is written just before the seconds begin.
  const [failed, restarts] = [/([\d.]+)\] clump: Cannot mount /, /([\d.]+)\] reboot: Restarting system/].map(
    (line) => Number(line.exec(vm.console.text)?.[1]),
  );
  expect(restarts! - failed!).toBeGreaterThanOrEqual(3);
});

test("an image that is damaged is named by the first stage, which gives a shell", async () => {
  using initrd = patchFirstStage("loop0 /clump.squashfs", "loop0 /bin/busybox");
  await using vm = await bootNode({ name: "damaged", initrd: initrd.path });
  await vm.console.expect("clump: Cannot mount the image", BOOT);
  vm.console.send("echo al''ive\n");
  await vm.console.expect(/^alive$/m, SOON);
});

test.each(["Conroe", "Penryn", "qemu64"])(
  "on a %s processor the screen says what is missing, and nothing panics",
  async (cpu) => {
    await using vm = await bootNode({ name: `processor-${cpu}`, cpu });
    await vm.console.expect("THIS PC CANNOT BE A NODE: ITS PROCESSOR IS TOO OLD", BOOT);
    await vm.console.expect(/This one lacks:\s+(\w+ )*sse4_2/, SOON);
    await vm.console.expect("What to do:", SOON);
    vm.console.send("echo al''ive\n");
    await vm.console.expect(/^alive$/m, SOON);
    expect(vm.console.text).not.toContain("Kernel panic");
    expect(vm.console.text).not.toContain("invalid opcode");
    vm.console.send("exit\n");
    expect(await vm.ended(SOON)).toBe("guest-reset");
  },
);

test("a driver that hangs and one that fails hold nobody", async () => {
  const trap =
    "mkdir -p /new/etc/modprobe.d; echo 'install e1000 /usr/bin/sleep 1000' > /new/etc/modprobe.d/hang.conf; echo 'install 8139cp /usr/bin/false' >> /new/etc/modprobe.d/hang.conf";
  using initrd = patchFirstStage(
    "exec $b switch_root",
    `$b sh -c "export PATH=/bin; busybox ${trap.replaceAll("; ", "; busybox ")}"\nexec $b switch_root`,
  );
  await using vm = await bootNode({
    name: "hanging-driver",
    append: "debug",
    initrd: initrd.path,
    nics: [
      { model: "e1000", network: { kind: "nobody" } },
      { model: "rtl8139", network: { kind: "nobody" } },
      { model: "virtio-net-pci" },
    ],
  });
  await vm.console.expect(CONFIGURED, BOOT);
  expect((await vm.console.expect(ENTERED, SOON))[1]).toBe("ClumpOS");
  await vm.console.expect(/Cannot load driver 8139cp: .*, skipping/, { ...SOON, whenever: true });
});

test("a kernel that cannot unpack the image does not look like a node", async () => {
  await using vm = await bootNode({ name: "no-image", initrd: imageFiles().kernel });
  await expect(vm.console.expect(ENTERED, BOOT)).rejects.toThrow("Kernel panic");
});
