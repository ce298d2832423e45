/** Network adapters as a person knows them: where they sit, what they are, which driver has them. */

import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { listOptional, readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import type { AliasTable } from "./alias.ts";
import { readAttribute } from "./device.ts";
import type { ModuleState } from "./loader.ts";

export interface Adapter {
  /** Where it sits: "0000:00:03.0" on PCI, "1-1" on USB. */
  readonly location: string;
  /** Vendor and device: "8086:100e". */
  readonly ids: string;
  readonly driver: string;
  readonly isUsb: boolean;
}

/** The adapter under an interface, `undefined` for one without hardware. */
export function findAdapter(root: string, name: string): Adapter | undefined {
  const device = realPath(`${root}/sys/class/net/${name}/device`);
  if (device === undefined) return undefined;
  const path = device.slice(`${realPath(`${root}/sys`) ?? ""}`.length);
  const driver = linkName(`${device}/driver`) ?? "unknown driver";
  const isUsb = /\/usb\d+\//.test(path);
  // A virtio device or a USB interface has no ids of its own: the device around it has.
  for (let at = path; at !== "/" && at !== ""; at = dirname(at)) {
    const ids = readIds(root, at);
    if (ids !== undefined) return { location: basename(at), ids, driver, isUsb };
  }
  return { location: basename(path), ids: "", driver, isUsb };
}

/** "0000:00:03.0 8086:100e e1000". */
export function describeAdapter({ location, ids, driver }: Omit<Adapter, "isUsb">): string {
  return [location, ids, driver].filter(Boolean).join(" ");
}

/** One sentence for each network adapter on PCI that no driver has taken, and why. */
export function findUnserved(
  root: string,
  options: { readonly aliases: AliasTable; readonly states: ReadonlyMap<string, ModuleState> },
): string[] {
  return listOptional(`${root}/sys/bus/pci/devices`)
    .toSorted()
    .flatMap((location) => {
      const path = `/bus/pci/devices/${location}`;
      const isNetwork = readAttribute(root, path, "class")?.startsWith("0x02") ?? false;
      if (!isNetwork || linkName(`${root}/sys${path}/driver`) !== undefined) return [];
      return [`${location}: ${explain(root, path, options)}`];
    });
}

/**
 * Names virtio-mmio devices of the kernel command line, which is how QEMU's microvm tells of them without ACPI; Debian's
 * kernel is built without CONFIG_VIRTIO_MMIO_CMDLINE_DEVICES, so that nothing in /sys shows them.
 */
export function findUnreachable(root: string): string[] {
  const parameters = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  if (!parameters.some((parameter) => /^virtio[_-]mmio\.device=/.test(parameter))) return [];
  return [
    "Cannot use virtio_mmio.device=: this kernel finds virtio-mmio devices by ACPI alone, and a machine with ACPI was wanted",
  ];
}

function explain(
  root: string,
  path: string,
  { aliases, states }: { readonly aliases: AliasTable; readonly states: ReadonlyMap<string, ModuleState> },
): string {
  const ids = readIds(root, path) ?? "an unknown device";
  const drivers = aliases.find(readAttribute(root, path, "modalias") ?? "");
  if (drivers.length === 0) return `no driver for ${ids} in this image`;
  const tried = drivers.map(
    (driver) => `${driver} ${describeState(states.get(driver.replaceAll("-", "_")))}`,
  );
  return `${ids} has no driver: ${tried.join(", ")}`;
}

function describeState(state: ModuleState | undefined): string {
  if (state === "loaded") return "did not take it";
  if (state === "loading" || state === "late") return "is still loading";
  return state === undefined ? "was not loaded" : state === "failed" ? "failed to load" : "is blacklisted";
}

/** PCI devices call them vendor and device, USB devices idVendor and idProduct. */
function readIds(root: string, path: string): string | undefined {
  const usb = readAttribute(root, path, "idVendor");
  if (usb !== undefined) return `${usb}:${readAttribute(root, path, "idProduct") ?? ""}`;
  const vendor = readAttribute(root, path, "vendor");
  const isPci = vendor !== undefined && readAttribute(root, path, "class") !== undefined;
  return isPci ? `${vendor.slice(2)}:${readAttribute(root, path, "device")?.slice(2) ?? ""}` : undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function linkName(path: string): string | undefined {
  try {
    return basename(readlinkSync(path));
  } catch {
    return undefined;
  }
}
