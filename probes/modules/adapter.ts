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
  const driver = linkName(`${device}/driver`) ?? "unknown driver";
  return { ...locate(root, device), driver, isUsb: /\/usb\d+\//.test(device) };
}

/** A virtio device or a USB interface has no ids of its own: the device around it has. */
function locate(root: string, device: string): Pick<Adapter, "location" | "ids"> {
  const path = device.slice(`${realPath(`${root}/sys`) ?? ""}`.length);
  for (let at = path; at !== "/" && at !== ""; at = dirname(at)) {
    const ids = readIds(root, at);
    if (ids !== undefined) return { location: basename(at), ids };
  }
  return { location: basename(path), ids: "" };
}

/** "0000:00:03.0 8086:100e e1000". */
export function describeAdapter({ location, ids, driver }: Omit<Adapter, "isUsb">): string {
  return [location, ids, driver].filter(Boolean).join(" ");
}

interface Modules {
  readonly aliases: AliasTable;
  readonly states: ReadonlyMap<string, ModuleState>;
}

/** The device type of a network card; virtio specification 1.2, section 5. */
const VIRTIO_NETWORK = "0x0001";

/** For each bus, whether a device without a driver may be a network card. USB does not say, but the blacklist names its driver. */
const BUSES: Readonly<Record<string, (root: string, path: string, modules: Modules) => boolean>> = {
  pci: (root, path) => readAttribute(root, path, "class")?.startsWith("0x02") ?? false,
  virtio: (root, path) => readAttribute(root, path, "device") === VIRTIO_NETWORK,
  usb: (root, path, modules) =>
    driversFor(root, path, modules).some((driver) => stateOf(driver, modules) === "blacklisted"),
};

/** One sentence for each network adapter that no driver has taken, and why. */
export function findUnserved(root: string, modules: Modules): string[] {
  return Object.entries(BUSES).flatMap(([bus, isCandidate]) =>
    listOptional(`${root}/sys/bus/${bus}/devices`)
      .toSorted()
      .flatMap((name) => {
        const path = `/bus/${bus}/devices/${name}`;
        const hasDriver = linkName(`${root}/sys${path}/driver`) !== undefined;
        if (hasDriver || !isCandidate(root, path, modules)) return [];
        return [explain(root, path, modules)];
      }),
  );
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

function explain(root: string, path: string, modules: Modules): string {
  const { location, ids } = locate(root, realPath(`${root}/sys${path}`) ?? `${root}/sys${path}`);
  const device = ids || "an unknown device";
  const drivers = driversFor(root, path, modules);
  if (drivers.length === 0) return `${location}: no driver for ${device} in this image`;
  const tried = drivers.map((driver) => `${driver} ${describeState(stateOf(driver, modules))}`);
  return `${location}: ${device} has no driver: ${tried.join(", ")}`;
}

function driversFor(root: string, path: string, { aliases }: Modules): readonly string[] {
  return aliases.find(readAttribute(root, path, "modalias") ?? "");
}

function stateOf(driver: string, { states }: Modules): ModuleState | undefined {
  return states.get(driver.replaceAll("-", "_"));
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
