/** The boot log of a boot server: each node that it has seen, and the last stage of that node's boot. */

import type { BootEvent } from "./boot-events.ts";
import { BOOT_FILES } from "./boot-files.ts";

export interface SeenNode {
  readonly mac: string;
  readonly ip: string;
  readonly stage: string;
  /** The time at which the node reached that stage. */
  readonly at: Date;
}

/** Nodes by MAC address, in the order in which they were first seen. */
export type BootLog = ReadonlyMap<string, SeenNode>;

/** The log forgets its oldest node beyond these, so that made-up MAC addresses cannot fill the memory. */
export const MOST_NODES = 4_096;

const LOADING_SYSTEM = "loads the system";
const RUNS = "runs";

/** The stage of a node that fetched a file, by the end of the file's path. */
const STAGES: readonly (readonly [end: string, stage: string])[] = [
  [`/${BOOT_FILES.bios}`, "starts iPXE"],
  [`/${BOOT_FILES.uefi}`, "starts iPXE"],
  [`/${BOOT_FILES.ipxe}`, "has the menu"],
  ["/clump/vmlinuz", "loads the kernel"],
  ["/clump/initramfs.img", LOADING_SYSTEM],
];

/** The log after an event; the same object where the event changes nothing. */
export function recordEvent(
  log: BootLog,
  event: BootEvent,
  at: Date,
  macOf: (ip: string) => string | undefined,
): BootLog {
  // The neighbour table comes first: the address may belong to another node since the log has it.
  const mac = event.kind === "file" ? (macOf(event.ip) ?? ownerOf(log, event.ip)) : event.mac;
  if (mac === undefined) return log;
  const known = log.get(mac);
  const stage = stageAfter(known?.stage, event);
  const ip = event.kind === "firmware" ? (known?.ip ?? "") : event.ip;
  if (stage === undefined || (known?.stage === stage && known.ip === ip)) return log;
  const next = new Map([...log, [mac, { mac, ip, stage, at }]]);
  const [oldest] = next.keys();
  if (next.size > MOST_NODES && oldest !== undefined) next.delete(oldest);
  return next;
}

function ownerOf(log: BootLog, ip: string): string | undefined {
  return [...log.values()].find((node) => node.ip === ip)?.mac;
}

function stageAfter(stage: string | undefined, event: BootEvent): string | undefined {
  if (event.kind === "file") return STAGES.find(([end]) => event.path.endsWith(end))?.[1];
  // A node that asks for an address after it fetched the system runs that system.
  if (event.kind === "lease" && (stage === LOADING_SYSTEM || stage === RUNS)) return RUNS;
  return "asks where to boot from";
}
