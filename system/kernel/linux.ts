/** The real `Kernel`, by system calls; numbers as in Linux on x86-64. */

import type { Kernel, MachineEnd } from "./kernel.ts";
import { call } from "./libc.ts";
import { linuxClock } from "./linux-clock.ts";
import { linuxConsoles } from "./linux-consoles.ts";
import { linuxDevices } from "./linux-devices.ts";
import { linuxMounts } from "./linux-mounts.ts";
import { linuxNetwork } from "./linux-network.ts";
import { linuxProcesses } from "./linux-processes.ts";
import { listenOnPort } from "./socket.ts";

/** reboot(2) */
const REBOOT_COMMANDS: Record<MachineEnd, number> = {
  "power-off": 0x4321fedc,
  restart: 0x01234567,
  halt: 0xcdef0123 | 0,
};

export const linux: Kernel = {
  ...linuxMounts,
  ...linuxProcesses,
  ...linuxConsoles,
  ...linuxDevices,
  end(how) {
    call("reboot", how === "restart" ? "restart the machine" : `${how} the machine`, REBOOT_COMMANDS[how]);
  },
  listen: listenOnPort,
  network: linuxNetwork,
  clock: linuxClock,
};
