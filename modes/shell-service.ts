import { LOCKED_SHELL } from "./access/shell-lock.ts";
import type { Service } from "./service.ts";

/** A login shell, or first the question for the password of `clump.shell.password=`. */
export function shellCommand(isLocked: boolean): readonly string[] {
  return isLocked ? [LOCKED_SHELL] : ["/bin/sh", "-l"];
}

/** A shell with job control on one console; it comes back when the user leaves it, as a login would. */
export function shellService(console: string, isLocked = false): Service {
  return {
    name: `shell on ${console}`,
    // setsid -c makes the console the controlling terminal: without one there is no job control and no Ctrl-C.
    command: ["/usr/bin/setsid", "-c", ...shellCommand(isLocked)],
    environment: { HOME: "/root", TERM: terminalType(console) },
    console,
    whenDone: "start again",
  };
}

/** Virtual consoles are "linux"; behind a serial line there is an emulator that knows at least a VT220. */
function terminalType(console: string): string {
  return /^\/dev\/tty\d+$/.test(console) ? "linux" : "vt220";
}
