import { expect, test } from "bun:test";
import { machineArguments, shellLine } from "../../../../assets/qemu/arguments.ts";

const MACHINE = { kernel: "vmlinuz", initrd: "initramfs.img", append: "", memoryMegabytes: 256, nics: [] };

function line(options: Partial<Parameters<typeof machineArguments>[0]>): string {
  return machineArguments({ ...MACHINE, ...options }, "tcg").join(" ");
}

test.each([
  ["memory", {}, "-m 256"],
  ["emulation on every thread", {}, "-accel tcg,thread=multi -cpu max"],
  [
    "the tools, which nobody can write to",
    { tools: "a,b/tools.img" },
    "-drive if=none,id=tools,format=raw,readonly=on,file=a,,b/tools.img -device virtio-blk-pci,drive=tools,serial=clump-tools",
  ],
  [
    "disks, which keep nothing",
    { disks: ["a", "b"] },
    "-drive if=none,id=disk0,format=raw,snapshot=on,file=a -device virtio-blk-pci,drive=disk0 -drive if=none,id=disk1,format=raw,snapshot=on,file=b -device virtio-blk-pci,drive=disk1",
  ],
  [
    "a clock that counts instructions",
    { countsInstructions: true },
    "-accel tcg,thread=single -icount shift=0,sleep=off -rtc base=2020-01-01,clock=vm -cpu max",
  ],
  ["an old processor", { cpu: "Nehalem" }, "-cpu Nehalem"],
  [
    "a port that leads to the node",
    { nics: [{ model: "e1000", network: { kind: "user", forward: { from: 80, to: 8080 } } }] },
    "-netdev user,id=net0,hostfwd=tcp:127.0.0.1:80-:8080 -device e1000",
  ],
  [
    "two such ports",
    {
      nics: [
        {
          model: "e1000",
          network: {
            kind: "user",
            forward: [
              { from: 80, to: 8080 },
              { from: 81, to: 81 },
            ],
          },
        },
      ],
    },
    "-netdev user,id=net0,hostfwd=tcp:127.0.0.1:80-:8080,hostfwd=tcp:127.0.0.1:81-:81 -device e1000",
  ],
  [
    "another network",
    { nics: [{ model: "e1000", network: { kind: "user", subnet: "10.9.1.0/24" } }] },
    "-netdev user,id=net0,net=10.9.1.0/24 -device e1000",
  ],
  [
    "a port that leads to a node on a wire",
    {
      nics: [
        {
          model: "e1000",
          network: {
            kind: "socket",
            path: "/wire",
            forward: { ports: [{ from: 80, to: 8080 }], node: "10.9.1.1", gateway: "10.9.1.253" },
          },
        },
      ],
    },
    "-netdev user,id=user0,net=10.9.1.0/24,host=10.9.1.253,dns=10.9.1.252,ipv6=off,restrict=on,hostfwd=tcp:127.0.0.1:80-10.9.1.1:8080 " +
      "-netdev stream,id=wire0,server=off,addr.type=unix,addr.path=/wire " +
      "-netdev hubport,id=user0hub,hubid=0,netdev=user0 -netdev hubport,id=wire0hub,hubid=0,netdev=wire0",
  ],
  ["a PCI card", { nics: [{ model: "e1000" }] }, "-netdev user,id=net0 -device e1000,id=nic0,netdev=net0"],
  ["a USB card with its controller", { nics: [{ model: "usb-net" }] }, "-device qemu-xhci,id=usb"],
  ["a microvm", { machine: "microvm" }, "-display none -machine microvm,acpi=on -accel"],
  [
    "the card of a microvm, which has no boot ROM",
    { nics: [{ model: "virtio-net-device" }] },
    "-device virtio-net-device,id=nic0,netdev=net0,mac=52:54:00:12:34:56 -kernel",
  ],
  ["a USB keyboard alone", { keyboard: "usb" }, "-machine pc,i8042=off"],
  [
    "a wire with nobody",
    { nics: [{ model: "tulip", network: { kind: "nobody" } }] },
    "hubport,id=net0,hubid=0",
  ],
  ["a restart that ends it", { onRestart: "exit" }, "-no-reboot"],
] as const)("machineArguments() writes %s", (_name, options, expected) => {
  expect(line(options)).toContain(expected);
});

test("machineArguments() has the kernel trust the timer where it is emulated", () => {
  const machine = { ...MACHINE, append: 'quiet "unfinished' };
  expect(machineArguments(machine, "tcg").at(-1)).toBe('no_timer_check quiet "unfinished');
  expect(machineArguments(machine, "kvm").at(-1)).toBe('quiet "unfinished');
});

test("machineArguments() gives every card its own address", () => {
  const args = line({ nics: [{ model: "e1000" }, { model: "e1000" }] });
  expect(args).toContain("mac=52:54:00:12:34:56");
  expect(args).toContain("mac=52:54:00:12:34:57");
});

test("shellLine() quotes what a shell would take apart", () => {
  expect(shellLine(["qemu", "-append", "a b", "it's"])).toBe(`qemu -append 'a b' 'it'\\''s'`);
});
