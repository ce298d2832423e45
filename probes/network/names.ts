/** The names by which a person may call an interface. */

import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { formatMac } from "../../system/address/mac.ts";
import { readOptional } from "../../system/files.ts";
import type { Link } from "../../system/kernel/kernel.ts";

const PCI_ADDRESS = /^([0-9a-f]{4,}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/;
/** PCI_HEADER_TYPE of linux/pci_regs.h, and its bit for a device of several functions. */
const HEADER_TYPE = 0x0e;
const MULTIFUNCTION = 0x80;

/**
 * All names of an interface: the kernel's, its hardware address, its PCI address, and those that udev would
 * give it, the one udev prefers first among them (systemd.net-naming-scheme(7)).
 */
export function namesOf(root: string, { name, address }: Link): string[] {
  const pci = findPci(root, name);
  const places = pci === undefined ? [] : [pci.address, pci.address.replace(/^0000:/, "")];
  return [name, ...predictableNames(root, name, address), formatMac(address), ...places];
}

/** eno1, ens3, enp0s3, enx525400123456: as many as its firmware and its place give. */
export function predictableNames(root: string, name: string, address: Uint8Array): string[] {
  const byAddress = `enx${Buffer.from(address).toString("hex")}`;
  const pci = findPci(root, name);
  if (pci === undefined) return [byAddress];
  const port = portSuffix(root, name);
  const onboard =
    pci.usb === "" ? (attribute(pci.path, "acpi_index") ?? attribute(pci.path, "index")) : undefined;
  const slot = hotplugSlot(root, pci.path);
  const part = functionSuffix(pci);
  const number = (hex: string) => Number.parseInt(hex, 16);
  const domain = number(pci.domain) === 0 ? "" : `P${number(pci.domain)}`;
  return [
    ...(onboard && /^[1-9]\d*$/.test(onboard) ? [`eno${onboard}${port}`] : []),
    ...(slot === undefined ? [] : [`en${domain}s${slot}${part}${port}${pci.usb}`]),
    `en${domain}p${number(pci.bus)}s${number(pci.slot)}${part}${port}${pci.usb}`,
    byAddress,
  ];
}

/** Whether `wanted`, as a person typed it, is one of these names; a MAC also as BOOTIF writes it, "01-52-54-…". */
export function matchesName(wanted: string, names: readonly string[]): boolean {
  const typed = wanted.trim().toLowerCase();
  const mac = /^(?:01[-:])?((?:[0-9a-f]{2}[-:]){5}[0-9a-f]{2})$/.exec(typed)?.[1]?.replaceAll("-", ":");
  return names.some((name) => name.toLowerCase() === (mac ?? typed));
}

interface PciPlace {
  /** Of the device in /sys. */
  readonly path: string;
  readonly address: string;
  readonly domain: string;
  readonly bus: string;
  readonly slot: string;
  readonly part: string;
  /** "u2" for what hangs on port 2 of a USB controller at that place. */
  readonly usb: string;
}

/** The PCI device that an interface is on, or behind. */
function findPci(root: string, name: string): PciPlace | undefined {
  let usb = "";
  for (let path = realPath(`${root}/sys/class/net/${name}/device`); path.length > 1; path = dirname(path)) {
    const place = basename(path);
    const [address, domain, bus, slot, part] = PCI_ADDRESS.exec(place) ?? [];
    if (address && domain && bus && slot && part) return { path, address, domain, bus, slot, part, usb };
    usb ||= usbSuffix(place);
  }
  return undefined;
}

/** "u2u1" for interface 0 of the device at port 1 of the hub at port 2: "1-2.1:1.0". */
function usbSuffix(place: string): string {
  const [, ports, configuration, part] = /^\d+-([\d.]+):(\d+)\.(\d+)$/.exec(place) ?? [];
  if (ports === undefined) return "";
  const which = `${configuration === "1" ? "" : `c${configuration}`}${part === "0" ? "" : `i${part}`}`;
  return `u${ports.replaceAll(".", "u")}${which}`;
}

function functionSuffix({ path, part }: PciPlace): string {
  return part !== "0" || hasFunctions(path) ? `f${part}` : "";
}

function hasFunctions(path: string): boolean {
  try {
    return ((readFileSync(`${path}/config`)[HEADER_TYPE] ?? 0) & MULTIFUNCTION) !== 0;
  } catch {
    return false;
  }
}

/** Of an adapter with several ports in one function. */
function portSuffix(root: string, name: string): string {
  const folder = `${root}/sys/class/net/${name}`;
  const called = attribute(folder, "phys_port_name");
  if (called) return `n${called}`;
  const port = attribute(folder, "dev_port") ?? "0";
  return port === "0" ? "" : `d${port}`;
}

/** The number of the hotplug slot that a device, or the bridge before it, is in. */
function hotplugSlot(root: string, path: string): string | undefined {
  const folder = `${root}/sys/bus/pci/slots`;
  try {
    const slots = readdirSync(folder).filter((slot) => /^\d+$/.test(slot));
    return slots.find((slot) => {
      const address = attribute(`${folder}/${slot}`, "address");
      return address !== undefined && path.includes(`/${address}.`);
    });
  } catch {
    return undefined;
  }
}

function attribute(folder: string, name: string): string | undefined {
  return readOptional(`${folder}/${name}`)?.trim() || undefined;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return "";
  }
}
