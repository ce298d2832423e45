/** The real `Devices`. */

import { closeSync, constants, openSync } from "node:fs";
import type { Devices, Uevent } from "./kernel.ts";
import { call } from "./libc.ts";
import { openNetlinkSocket } from "./netlink-socket.ts";
import { readSocket } from "./socket.ts";
import { decodeUevents } from "./uevent.ts";

/** linux/cdrom.h */
const CDROMEJECT = 0x5309;
const NETLINK_KOBJECT_UEVENT = 15;
/** The group that the kernel itself speaks to; udev's daemon would use 2. */
const KERNEL_EVENTS = 1;

export const linuxDevices: Devices = { eject, uevents };

function eject(path: string): void {
  // Without O_NONBLOCK opening would close an open tray.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    call("ioctl", `eject the disc in ${path}`, fd, CDROMEJECT, undefined);
  } finally {
    closeSync(fd);
  }
}

async function* uevents(signal: AbortSignal): AsyncGenerator<Uevent> {
  const listening = { groups: KERNEL_EVENTS, doing: "listen to device events" };
  const fd = openNetlinkSocket(NETLINK_KOBJECT_UEVENT, listening);
  for await (const bytes of readSocket(fd, signal)) yield* decodeUevents(bytes);
}
