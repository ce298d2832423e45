/** Whether a PCI device may come while the machine runs. */

import { existsSync } from "node:fs";
import { listOptional } from "../../system/files.ts";

const SLOTS = "/sys/bus/pci/slots";
/** Of Hyper-V and Xen, which bring PCI devices without a slot, and of CardBus. */
const OTHER_WAYS = ["/sys/bus/vmbus/devices", "/sys/bus/xen/devices", "/sys/class/pcmcia_socket"];

export function takesDevices(root: string): boolean {
  // The kernel makes this file for a slot that takes a card while the machine runs, Thunderbolt's among them. The firmware
  // names slots that take none.
  const isHotPlug = (slot: string) => existsSync(`${root}${SLOTS}/${slot}/power`);
  return (
    listOptional(root + SLOTS).some(isHotPlug) ||
    OTHER_WAYS.some((folder) => listOptional(root + folder).length > 0)
  );
}
