/** What becomes of the descriptors of a process that moves: which travel, which its deputy relays, which keep it home. */

import type { Descriptor } from "../../probes/processes/process.ts";

/** A descriptor that the deputy keeps and relays. */
export interface Relay {
  readonly fd: number;
  /** Whether the guest reads from it or writes to it. */
  readonly mode: "r" | "w";
  /** As criu(8) names it for --inherit-fd. */
  readonly key: string;
}

export interface RelayPlan {
  readonly relays: readonly Relay[];
  /** A descriptor of the controlling terminal. */
  readonly terminal?: number;
  /** Why the process cannot move; empty where it can. */
  readonly refusals: readonly string[];
}

export interface Surroundings {
  /** Whether a process that stays behind holds what the target names. */
  readonly isHeldOutside: (target: string) => boolean;
  /** Whether a process that stays behind shares this very open file description, and so its offset. */
  readonly isSharedOutside: (descriptor: Descriptor) => boolean;
  readonly kindOf: (descriptor: Descriptor) => "file" | "folder" | "fifo" | "device" | "other";
}

/** Devices that are the same on every node. */
const EVERYWHERE = ["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random"];
/** Descriptors above are those of the deputy itself. */
const HIGHEST_RELAYED = 255;

/** The rules of the design, one descriptor after the other; what is shared by several is relayed once. */
export function planRelays(descriptors: readonly Descriptor[], surroundings: Surroundings): RelayPlan {
  const relays = new Map<string, Relay>();
  const refusals: string[] = [];
  let terminal: { readonly fd: number; readonly target: string } | undefined;

  for (const descriptor of descriptors) {
    const { fd, target } = descriptor;
    const verdict = judge(descriptor, surroundings);
    if (verdict.kind === "refused") refusals.push(verdict.reason);
    else if (verdict.kind === "terminal") {
      if (terminal !== undefined && terminal.target !== target)
        refusals.push(`uses two terminals: ${target}`);
      terminal ??= { fd, target };
    } else if (verdict.kind === "relayed") {
      const other = relays.get(verdict.key);
      if (fd > HIGHEST_RELAYED)
        refusals.push(`shares descriptor ${fd}, and 255 is the highest that is relayed`);
      else if (other === undefined) relays.set(verdict.key, { fd, mode: verdict.mode, key: verdict.key });
      else if (other.mode !== verdict.mode)
        refusals.push(`holds both ends of ${target}, as a make jobserver does`);
    }
  }
  return {
    relays: [...relays.values()],
    ...(terminal !== undefined && { terminal: terminal.fd }),
    refusals: [...new Set(refusals)],
  };
}

type Verdict =
  | { readonly kind: "travels" | "terminal" }
  | { readonly kind: "relayed"; readonly mode: "r" | "w"; readonly key: string }
  | { readonly kind: "refused"; readonly reason: string };

function judge(descriptor: Descriptor, surroundings: Surroundings): Verdict {
  const { target, access } = descriptor;
  if (target.startsWith("pipe:")) {
    if (!surroundings.isHeldOutside(target)) return { kind: "travels" };
    return { kind: "relayed", mode: access === "read" ? "r" : "w", key: target };
  }
  if (target.startsWith("socket:")) return { kind: "refused", reason: `uses a socket (${target})` };
  if (!target.startsWith("/")) return { kind: "travels" };
  if (/^\/dev\/pts\/\d+$/.test(target)) return { kind: "terminal" };
  if (EVERYWHERE.includes(target)) return { kind: "travels" };
  return judgeFile(descriptor, surroundings);
}

function judgeFile(descriptor: Descriptor, { isSharedOutside, kindOf }: Surroundings): Verdict {
  const { target, access } = descriptor;
  const kind = kindOf(descriptor);
  if (kind === "device") return { kind: "refused", reason: `uses the device ${target}` };
  if (kind === "fifo") return { kind: "refused", reason: `uses the fifo ${target}` };
  if (kind !== "file" || !isSharedOutside(descriptor)) return { kind: "travels" };
  if (access === "both")
    return { kind: "refused", reason: `shares the offset of ${target}, and reads and writes it` };
  if (target.endsWith(" (deleted)"))
    return { kind: "refused", reason: `shares a file without a name (${target})` };
  return { kind: "relayed", mode: access === "read" ? "r" : "w", key: target.slice(1) };
}
