import { readFileSync, writeFileSync } from "node:fs";
import type { Machine } from "../../system/machine.ts";

/**
 * The consoles of the kernel command line as devices a person can sit at: "/dev/tty1", "/dev/ttyS0".
 * tty0 stands for whichever virtual console is in front: at boot the first. Where the command line names none that
 * is there, as console=ttyS0 without a serial port, a person may still sit at the screen.
 */
export function listConsoles(root: string): string[] {
  const active = readFileSync(`${root}/sys/class/tty/console/active`, "utf8").split(/\s+/).filter(Boolean);
  const names = active.map((name) => (name === "tty0" ? "tty1" : name));
  return [...new Set(names.length === 0 ? ["tty1"] : names)].map((name) => `/dev/${name}`);
}

/** closing_wait: a serial line without a listener would delay close(2), and the end of the machine, by 30 s. */
const DRAIN_SECONDS = 1;

/** Sets that limit on every serial console. @throws SyscallError */
export function limitSerialDrain(
  { kernel, root }: Pick<Machine, "kernel" | "root">,
  consoles: readonly string[],
): void {
  for (const console of consoles.filter((path) => path.startsWith("/dev/ttyS")))
    kernel.limitDrain(root + console, DRAIN_SECONDS);
}

/** Keeps kernel messages off the consoles, which they would tear, except those of a panic. */
export function hushConsoles(root: string): void {
  // The first number of proc(5)'s /proc/sys/kernel/printk is the level below which messages are shown.
  writeFileSync(`${root}/proc/sys/kernel/printk`, "1\n");
}
