import { expect, test } from "bun:test";
import { interpreter, isElf, modinfo, neededLibraries } from "../../../../assets/build/elf.ts";
import { tinyElf, tinyExecutable } from "../image/tiny-elf.ts";

test("neededLibraries() reads each DT_NEEDED through the string table its section links to", () => {
  expect(neededLibraries(tinyExecutable(["libz.so.1", "libc.so.6"]))).toEqual(["libz.so.1", "libc.so.6"]);
});

test("neededLibraries() of a file without a dynamic section is empty", () => {
  expect(neededLibraries(tinyElf([]))).toEqual([]);
});

test("interpreter() is the loader an executable names, and undefined for a library", () => {
  expect(interpreter(tinyExecutable([], "/lib64/ld-linux-x86-64.so.2"))).toBe("/lib64/ld-linux-x86-64.so.2");
  expect(interpreter(tinyExecutable([]))).toBeUndefined();
});

test("modinfo() gives every value of one key, and none of a key that begins alike", () => {
  // From r8169.ko of Linux 6.1.
  const text =
    "firmware=rtl_nic/rtl8125b-2.fw\0firmware=rtl_nic/rtl8168h-2.fw\0firmware_x=no\0softdep=pre: realtek\0";
  const module = tinyElf([{ name: ".modinfo", bytes: Buffer.from(text) }]);
  expect(modinfo(module, "firmware")).toEqual(["rtl_nic/rtl8125b-2.fw", "rtl_nic/rtl8168h-2.fw"]);
  expect(modinfo(module, "alias")).toEqual([]);
});

test("isElf() refuses scripts, short files and 32-bit ELF", () => {
  const narrow = tinyElf([]).slice();
  narrow[4] = 1;
  expect([Buffer.from("#!/bin/sh\n"), new Uint8Array(3), narrow].map(isElf)).toEqual([false, false, false]);
  expect(isElf(tinyElf([]))).toBe(true);
});

test("a file that is cut short is a RangeError", () => {
  expect(() => modinfo(tinyElf([]).slice(0, 100), "firmware")).toThrow(RangeError);
  expect(() => neededLibraries(Buffer.from("#!/bin/sh\n"))).toThrow("it does not begin as a 64-bit one");
});
