import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readSigns } from "../../../../init/station/signs.ts";

let root: string;
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signs-"));
  for (const path of ["dev/tty1", "dev/pts/0", "dev/pts/ptmx", "dev/null"]) put(path, "");
  put("proc/interrupts", "  1:  9  IO-APIC 1-edge i8042\n 24:  700  PCI-MSI eth0\n");
  put("proc/loadavg", "1.00 0.5 0.2 1/200 4711\n");
  put("sys/bus/usb/devices/1-1/urbnum", "40\n");
  put("sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "03\n");
  put("sys/bus/usb/devices/1-2/urbnum", "900\n");
  put("sys/bus/usb/devices/1-2:1.0/bInterfaceClass", "08\n");
});
afterEach(() => rmSync(root, { recursive: true }));

const logind =
  (output: string, ok = true) =>
  async () => ({ ok, output, complaint: "" });
const read = async () => (await readSigns(root, logind("yes\n"))).inputs;

test.each<[string, () => void, boolean]>([
  ["a key on a console", () => utimesSync(join(root, "dev/tty1"), 99, 1), true],
  ["a key in a terminal window", () => utimesSync(join(root, "dev/pts/0"), 99, 1), true],
  ["a key of a PS/2 keyboard", () => put("proc/interrupts", "  1: 10  IO-APIC 1-edge i8042\n"), true],
  ["a key of a USB keyboard", () => put("sys/bus/usb/devices/1-1/urbnum", "41\n"), true],
  ["a USB stick", () => put("sys/bus/usb/devices/1-2/urbnum", "901\n"), false],
  [
    "a datagram",
    () => put("proc/interrupts", "  1:  9  IO-APIC 1-edge i8042\n 24:  701  PCI-MSI eth0\n"),
    false,
  ],
  ["a program that writes", () => utimesSync(join(root, "dev/null"), 99, 99), false],
])("%s is input or not", async (_, happens, isInput) => {
  const before = await read();
  happens();
  expect((await read()) !== before).toBe(isInput);
});

test("logind says whether a session is in use, where it answers", async () => {
  const ask = async (...said: Parameters<typeof logind>) => (await readSigns(root, logind(...said))).isInUse;
  expect([await ask("yes\n"), await ask("no\n"), await ask("no\n", false), await ask("")]).toEqual([
    ...[false, true, undefined, undefined],
  ]);
});

test("the load is that of one minute for each processor", async () => {
  expect((await readSigns(root, logind("yes"))).load).toBeCloseTo(1 / availableParallelism());
});
