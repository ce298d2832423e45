/** Devices as /sys shows them, each with the modalias by which a driver finds it. */

import { readdirSync, readFileSync } from "node:fs";

export interface Device {
  /** Path below /sys: "/devices/pci0000:00/0000:00:03.0". */
  readonly path: string;
  readonly modalias: string;
}

/** Every device of every bus that has a modalias, network adapters on PCI first, then PCI, then the rest. */
export function listDevices(root: string): Device[] {
  // Input devices are on no bus, and theirs is the handler that makes a power button readable.
  const buses = names(`${root}/sys/bus`).map((bus) => `/bus/${bus}/devices`);
  const devices = [...buses, "/class/input"].flatMap((directory) =>
    names(`${root}/sys${directory}`).flatMap((name) => {
      const path = `${directory}/${name}`;
      const modalias = readAttribute(root, path, "modalias");
      return modalias === undefined || modalias === "" ? [] : [{ path, modalias }];
    }),
  );
  return devices.toSorted((a, b) => rank(a) - rank(b));
}

/** One attribute file of a device without its newline, `undefined` where there is none. */
export function readAttribute(root: string, path: string, attribute: string): string | undefined {
  try {
    return readFileSync(`${root}/sys${path}/${attribute}`, "utf8").trimEnd();
  } catch {
    // Devices come and go while we look.
    return undefined;
  }
}

/** Base class 02 is a network controller, class 0c03 a USB one (pci.ids); 1af4 is virtio's vendor. */
const NETWORK_FIRST = [/^pci:.*bc02/, /^(virtio:|pci:v00001AF4)/, /^(vmbus:|xen:)/, /^pci:/] as const;

function rank({ modalias }: Device): number {
  const found = NETWORK_FIRST.findIndex((pattern) => pattern.test(modalias));
  return found === -1 ? NETWORK_FIRST.length : found;
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
