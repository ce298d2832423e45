/** Devices as /sys shows them, each with the modalias by which a driver finds it. */

import { listOptional, readOptional } from "../../system/files.ts";

export interface Device {
  /** Path below /sys: "/devices/pci0000:00/0000:00:03.0". */
  readonly path: string;
  readonly modalias: string;
}

/** Folders below /sys that hold devices: every bus, and input, whose devices are on no bus. */
export function listBuses(root: string): string[] {
  return [...listOptional(`${root}/sys/bus`), "input"];
}

/** The devices of one bus that have a modalias. */
export function listBus(root: string, bus: string): Device[] {
  const directory = bus === "input" ? "/class/input" : `/bus/${bus}/devices`;
  return listOptional(`${root}/sys${directory}`).flatMap((name) => {
    const path = `${directory}/${name}`;
    const modalias = readAttribute(root, path, "modalias");
    return modalias === undefined || modalias === "" ? [] : [{ path, modalias }];
  });
}

/** Whether a device is a network adapter, or one of virtio (vendor 1af4) that may be; base class 02 of pci.ids. */
export function isNetworkPath({ modalias }: Device): boolean {
  return /^pci:(v00001AF4|.*bc02)/.test(modalias);
}

/** One attribute file of a device without its newline, `undefined` where there is none. */
export function readAttribute(root: string, path: string, attribute: string): string | undefined {
  return readOptional(`${root}/sys${path}/${attribute}`)?.trimEnd();
}
