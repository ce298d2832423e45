/** What the values of options say; each reader gives `undefined` for a value that cannot be used. */

import { isModeName, type ModeName } from "../../modes/index.ts";
import { isHostname, isHostnamePattern } from "../../system/address/hostname.ts";
import { parseBoolean } from "../../system/boolean.ts";
import type { VncUse } from "../../system/state/access.ts";

export function toMode(value: string): ModeName | undefined {
  return isModeName(value) ? value : undefined;
}

export function toText(value: string): string | undefined {
  return value || undefined;
}

export function toHostname(value: string): string | undefined {
  return isHostname(value) ? value : undefined;
}

export function toHostnamePattern(value: string): string | undefined {
  return isHostnamePattern(value) ? value : undefined;
}

/** "off" is a usable value too. */
export function toVncUse(value: string): VncUse | "off" | undefined {
  if (value === "view") return "view";
  const isOn = value === "" ? true : parseBoolean(value);
  return isOn === undefined ? undefined : isOn ? "full" : "off";
}

/** VNC, browsers and consoles agree on no more than printable ASCII. */
export function toPassword(value: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

/** The hardware address of PXELINUX (SYSAPPEND 2), hardware type first; others write colons, or leave the type out. */
export function toBootInterface(value: string): string | undefined {
  return /^([0-9a-f]{2}[-:])?([0-9a-f]{2}[-:]){5}[0-9a-f]{2}$/i.test(value) ? value : undefined;
}

export function toSeconds(value: string): number | undefined {
  return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** So many processes at most compute for a demo. */
export const MOST_PROCESSES = 256;

export function toProcesses(value: string): number | undefined {
  const count = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  return count >= 1 && count <= MOST_PROCESSES ? count : undefined;
}

/** A reader that takes the texts of a list. */
export function oneOf<T extends string>(list: readonly T[]): (value: string) => T | undefined {
  return (value) => list.find((item) => item === value);
}

/** "map, omdiscd or static". */
export function listWanted(list: readonly string[]): string {
  return `${list.slice(0, -1).join(", ")} or ${list.at(-1)}`;
}
