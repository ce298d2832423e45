/** The power button, as the input layer shows it: Documentation/input/event-codes.rst, linux/input.h. */

import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { listOptional } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";

/** Whoever ends the machine. */
interface PowerOff {
  ask(end: "power-off", asker: string): void;
}

/** struct input_event: two longs of time, then type, code and value. */
const EVENT_BYTES = 24;
const EV_KEY = 1;
const KEY_POWER = 116;
const PRESSED = 1;

/** Whether bytes of /dev/input/eventN hold a press of the power key. */
export function holdsPowerKey(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    const [type, code] = [view.getUint16(at + 16, true), view.getUint16(at + 18, true)];
    if (type === EV_KEY && code === KEY_POWER && view.getInt32(at + 20, true) === PRESSED) return true;
  }
  return false;
}

/**
 * Powers off at a press of any power button there is or will be, until the signal. The kernel keeps no press for a device
 * that nobody has opened (drivers/input/evdev.c): the log tells from when on a press counts. @throws SyscallError
 */
export function watchPowerButtons(
  { kernel, root, log }: Pick<Machine, "kernel" | "root" | "log">,
  { end, signal }: { readonly end: PowerOff; readonly signal: AbortSignal },
): void {
  const uevents = kernel.uevents(signal);
  const pressed = () => end.ask("power-off", "the power button");
  const followed = new Set<string>();

  function follow(name: string): void {
    if (followed.has(name) || !/^event\d+$/.test(name) || !isPowerButton(root, name)) return;
    followed.add(name);
    void readButton(`${root}/dev/input/${name}`, {
      watched: () => log.debug(`watching the power button ${name}`),
      pressed,
    }).finally(() => followed.delete(name));
  }

  void (async () => {
    for await (const { action, env } of uevents) {
      if (action === "add" && env.get("SUBSYSTEM") === "input")
        follow(env.get("DEVNAME")?.split("/").at(-1) ?? "");
    }
  })().catch(() => {});
  for (const name of listOptional(`${root}/sys/class/input`)) follow(name);
}

async function readButton(
  path: string,
  { watched, pressed }: { readonly watched: () => void; readonly pressed: () => void },
): Promise<void> {
  try {
    const button = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    watched();
    try {
      for await (const bytes of Bun.file(button).stream()) if (holdsPowerKey(bytes)) pressed();
    } finally {
      closeSync(button);
    }
  } catch {
    // A button that was unplugged ends its stream with ENODEV, and there is nothing left to watch.
  }
}

/** Only true power buttons: to read every keyboard would wake PID 1 at each key. */
function isPowerButton(root: string, name: string): boolean {
  try {
    return /power button/i.test(readFileSync(`${root}/sys/class/input/${name}/device/name`, "utf8"));
  } catch {
    return false;
  }
}
