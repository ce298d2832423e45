import { existsSync } from "node:fs";
import { LOCKED_SHELL } from "./access/shell-lock.ts";
import type { Service } from "./service.ts";

/**
 * Runs a shell on a pseudo-terminal and relays that to the console: a process whose terminal is a console or a serial line
 * cannot be moved to another node. It leads a session on its terminal, without which there is no job control.
 */
const RELAY = "/usr/lib/clump/clump-pty";

/** A login shell, or first the question for the password of `clump.shell.password=`. */
export function shellCommand(isLocked: boolean): readonly string[] {
  return isLocked ? [LOCKED_SHELL] : ["/bin/sh", "-l"];
}

/**
 * A command on the terminal of its standard input. An image without the relay runs it on that terminal itself, by setsid
 * -c, which makes the terminal the controlling one.
 */
export function onTerminal(command: readonly string[]): readonly string[] {
  return [...(existsSync(RELAY) ? [RELAY] : ["/usr/bin/setsid", "-c"]), ...command];
}

/** A shell with job control on one console; it comes back when the user leaves it, as a login would. */
export function shellService(console: string, isLocked = false): Service {
  return {
    name: `shell on ${console}`,
    command: onTerminal(shellCommand(isLocked)),
    environment: { HOME: "/root", TERM: terminalType(console) },
    console,
    whenDone: "start again",
  };
}

/** Virtual consoles are "linux"; behind a serial line there is an emulator that knows at least a VT220. */
function terminalType(console: string): string {
  return /^\/dev\/tty\d+$/.test(console) ? "linux" : "vt220";
}
