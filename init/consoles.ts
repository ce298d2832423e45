import { readFileSync, writeFileSync } from "node:fs";

/**
 * The consoles of the kernel command line as devices a person can sit at: "/dev/tty1", "/dev/ttyS0".
 * tty0 stands for whichever virtual console is in front: at boot the first. Where the command line names none that
 * is there, as console=ttyS0 without a serial port, somebody may still sit at the screen.
 */
export function listConsoles(root: string): string[] {
  const active = readFileSync(`${root}/sys/class/tty/console/active`, "utf8").split(/\s+/).filter(Boolean);
  const names = active.map((name) => (name === "tty0" ? "tty1" : name));
  return [...new Set(names.length === 0 ? ["tty1"] : names)].map((name) => `/dev/${name}`);
}

/** Keeps all kernel messages but those of a dying kernel off the consoles: they would tear what is shown there. */
export function hushConsoles(root: string): void {
  // The first number of proc(5)'s /proc/sys/kernel/printk is the level below which messages are shown.
  writeFileSync(`${root}/proc/sys/kernel/printk`, "1\n");
}
