/** Gives the CD back once the node runs from memory, so that the next PC can boot from it: as CHAOS did in 2003. */

import { open } from "node:fs/promises";
import { listOptional } from "../../system/files.ts";
import { follow } from "../../system/follow.ts";
import type { Uevent } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";

/** ECMA-119, section 8.4: the primary volume descriptor, its standard identifier and its volume identifier. */
const DESCRIPTOR = { at: 16 * 2048, bytes: 72 } as const;
const STANDARD = "CD001";
const VOLUME = "CLUMP";

const DRIVE = /^sr\d+$/;

/** Ejects our medium from whichever CD drive holds it, now or when its driver comes, until the signal. */
export function ejectMedium(machine: Machine, signal: AbortSignal): void {
  const { kernel, root, log } = machine;
  const tried = new Set<string>();
  const attempt = (name: string) => {
    if (tried.has(name) || !DRIVE.test(name)) return;
    tried.add(name);
    void ejectFrom(machine, name);
  };
  void follow({
    name: "follow CD drives",
    events: (until) => kernel.uevents(until),
    handle({ action, env }: Uevent) {
      if (action === "add" && env.get("SUBSYSTEM") === "block") attempt(env.get("DEVNAME") ?? "");
    },
    look: () => listOptional(`${root}/sys/class/block`).forEach(attempt),
    log,
    signal,
  });
}

/** Ejects our medium from whichever CD drive holds it now. */
export async function ejectNow(machine: Machine): Promise<void> {
  const drives = listOptional(`${machine.root}/sys/class/block`).filter((name) => DRIVE.test(name));
  for (const drive of drives) await ejectFrom(machine, drive);
}

/** Ejects the disc in one drive ("sr0") if it is ours; another's stays, and so does one that is in use. Never throws. */
export async function ejectFrom({ kernel, root, log }: Machine, drive: string): Promise<void> {
  const path = `${root}/dev/${drive}`;
  try {
    if (!(await holdsOurMedium(path))) return;
    kernel.eject(path);
    log.info(`ejected the CD from ${drive}: this node runs from memory`);
  } catch (error) {
    log.debug(`${reason(error)}, ignoring`);
  }
}

/** Whether the disc in a drive is one that was made by us. */
async function holdsOurMedium(path: string): Promise<boolean> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(DESCRIPTOR.bytes),
    0,
    DESCRIPTOR.bytes,
    DESCRIPTOR.at,
  );
  const text = buffer.toString("latin1", 0, bytesRead);
  return text.slice(1, 6) === STANDARD && text.slice(40).trimEnd() === VOLUME;
}
