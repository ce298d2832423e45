/** Reads whether a person uses this workstation. */

import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { readView } from "../../cluster/view.ts";
import { listOptional, readOptional } from "../../system/files.ts";
import { present } from "../../system/optional.ts";
import type { RunTool } from "../../system/tool.ts";
import type { Signs } from "./owner.ts";

const LOGIND_MILLISECONDS = 1_000;
/** bInterfaceClass of keyboards, mice and tablets, USB HID 1.11. */
const HID_CLASS = "03";

/** `root` is the tree of the workstation. */
export async function readSigns(root: string, run: RunTool): Promise<Signs> {
  const guests = readView(root)?.nodes.find(({ isSelf }) => isSelf)?.guests ?? 0;
  const load = Number.parseFloat(readOptional(`${root}/proc/loadavg`) ?? "0");
  return {
    inputs: [...terminals(root), ...interrupts(root), ...usbInputs(root)].join("\n"),
    ...present("isInUse", await asksLogind(run)),
    load: Math.max(0, load - guests) / availableParallelism(),
  };
}

/** When each terminal was last read from, as w(1) does it; the kernel notes that each 8 s. */
function terminals(root: string): string[] {
  const names = [
    ...listOptional(`${root}/dev`).filter((name) => /^tty(S|USB|ACM)?\d+$/.test(name)),
    ...listOptional(`${root}/dev/pts`)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => `pts/${name}`),
  ];
  return names.map((name) => {
    const times = statSync(`${root}/dev/${name}`, { throwIfNoEntry: false });
    return `${name} ${times?.atimeMs}`;
  });
}

/** Keyboard, mouse and touch pad of a laptop, and those with PS/2 plugs: proc(5). */
function interrupts(root: string): string[] {
  const lines = (readOptional(`${root}/proc/interrupts`) ?? "").split("\n");
  return lines.filter((line) => /i8042|i2c_hid|hid-over-i2c/i.test(line));
}

/** How many messages each USB keyboard and mouse has sent: Documentation/ABI/testing/sysfs-bus-usb. */
function usbInputs(root: string): string[] {
  const folder = `${root}/sys/bus/usb/devices`;
  return listOptional(folder)
    .filter((name) => readOptional(`${folder}/${name}/bInterfaceClass`)?.trim() === HID_CLASS)
    .map((name) => {
      const device = name.replace(/:.*/, "");
      return `${device} ${readOptional(`${folder}/${device}/urbnum`)?.trim()}`;
    });
}

/** Whether a session of logind(8) is in use; desktops tell it. Absent where nobody answers. */
async function asksLogind(run: RunTool): Promise<boolean | undefined> {
  const { ok, output } = await run(
    ["/usr/bin/loginctl", "show-session", "--property=IdleHint", "--value", "--no-pager"],
    LOGIND_MILLISECONDS,
  );
  return ok && /^(yes|no)$/.test(output.trim()) ? output.trim() === "no" : undefined;
}
