/** Who booted what: the nodes a boot server has seen, each with how far it came. */

import { BOOT_FILES } from "./boot-files.ts";
import type { Sighting } from "./sightings.ts";

export interface NodeSeen {
  readonly mac: string;
  readonly ip: string;
  readonly stage: string;
  /** When it came to that stage. */
  readonly at: Date;
}

export type Roll = ReadonlyMap<string, NodeSeen>;

/** Whoever makes up hardware addresses does not fill the memory: the oldest is forgotten. */
export const MOST_NODES = 4_096;

const LOADING_SYSTEM = "loads the system";
const RUNS = "runs";

/** What it means that a node fetched a file, by the end of the file's path. */
const STAGES: readonly (readonly [end: string, stage: string])[] = [
  [`/${BOOT_FILES.bios}`, "starts PXELINUX"],
  [`/${BOOT_FILES.uefi}`, "starts iPXE"],
  [`/${BOOT_FILES.ipxe}`, "has the menu (iPXE)"],
  ["/pxelinux.cfg/default", "has the menu (PXELINUX)"],
  ["/clump/vmlinuz", "loads the kernel"],
  ["/clump/initramfs.img", LOADING_SYSTEM],
];

/** The roll after a sighting; the same roll where it tells nothing new. */
export function callRoll(
  roll: Roll,
  sighting: Sighting,
  at: Date,
  macOf: (ip: string) => string | undefined,
): Roll {
  // The neighbours come first: an address may have been given to another node since it was seen.
  const mac = sighting.kind === "file" ? (macOf(sighting.ip) ?? ownerOf(roll, sighting.ip)) : sighting.mac;
  if (mac === undefined) return roll;
  const known = roll.get(mac);
  const stage = stageAfter(known?.stage, sighting);
  const ip = sighting.kind === "firmware" ? (known?.ip ?? "") : sighting.ip;
  if (stage === undefined || (known?.stage === stage && known.ip === ip)) return roll;
  const next = new Map([...roll, [mac, { mac, ip, stage, at }]]);
  const [oldest] = next.keys();
  if (next.size > MOST_NODES && oldest !== undefined) next.delete(oldest);
  return next;
}

function ownerOf(roll: Roll, ip: string): string | undefined {
  return [...roll.values()].find((node) => node.ip === ip)?.mac;
}

function stageAfter(stage: string | undefined, sighting: Sighting): string | undefined {
  if (sighting.kind === "file") {
    const isOwnMenu = /\/pxelinux\.cfg\/01-/.test(sighting.path);
    return isOwnMenu ? "has the menu (PXELINUX)" : STAGES.find(([end]) => sighting.path.endsWith(end))?.[1];
  }
  // Who asks for an address after it was given the system is the system.
  if (sighting.kind === "lease" && (stage === LOADING_SYSTEM || stage === RUNS)) return RUNS;
  return "asks where to boot from";
}
