/** What becomes of the descriptors of a process that moves: which travel, which its deputy relays, which keep it home. */

import type { Descriptor } from "../../../probes/processes/process.ts";

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

export interface Surroundings<D extends Descriptor = Descriptor> {
  /** Whether a process that stays behind holds what the target names. */
  readonly isHeldOutside: (target: string) => boolean;
  /** Whether a process that stays behind shares this very open file description, and so its offset. */
  readonly isSharedOutside: (descriptor: D) => boolean;
  /** Whether its process has it still: one that runs may have ended. Asked last. */
  readonly isThere: (descriptor: D) => boolean;
  readonly kindOf: (descriptor: D) => "file" | "folder" | "fifo" | "device" | "other";
}

/** Devices that are the same on every node. */
const EVERYWHERE = ["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random"];
/** Files of the kernel without a name that belong to their process alone; others watch what stays at home. */
const TRAVELLING_KINDS = ["eventfd", "eventpoll", "timerfd", "signalfd"];
/** Descriptors above are those of the deputy itself. */
const HIGHEST_RELAYED = 255;

/**
 * The rules of the design, one descriptor after the other; what is shared by several is relayed once. `below` are the
 * descriptors of the other processes of a tree: the deputy, which is its root, must have what they share with others.
 */
export function planRelays<D extends Descriptor>(
  descriptors: readonly D[],
  surroundings: Surroundings<D>,
  below: readonly D[] = [],
): RelayPlan {
  const plan = new Planner();
  for (const [each, isRoots] of [[descriptors, true] as const, [below, false] as const])
    for (const descriptor of each) {
      const verdict = judge(descriptor, surroundings);
      // What was asked about one that is gone has no right answer.
      if (surroundings.isThere(descriptor)) plan.add(descriptor, verdict, isRoots);
    }
  return plan.finish();
}

class Planner {
  readonly #relays = new Map<string, Relay>();
  readonly #travelling = new Set<string>();
  readonly #refusals = new Set<string>();
  #terminal: { readonly fd: number; readonly target: string } | undefined;

  add({ fd, target }: Descriptor, verdict: Verdict, isRoots: boolean): void {
    if (verdict.kind === "refused") this.#refusals.add(verdict.reason);
    else if (verdict.kind === "terminal") this.#addTerminal({ fd, target }, isRoots);
    else if (verdict.kind === "relayed") this.#addRelay({ fd, target }, verdict, isRoots);
    else this.#travelling.add(target);
  }

  finish(): RelayPlan {
    // criu(8) knows a file by its path: it would give the relay to both.
    for (const key of this.#relays.keys())
      if (this.#travelling.has(`/${key}`))
        this.#refusals.add(`has /${key} open twice, and shares one of them`);
    return {
      relays: [...this.#relays.values()],
      ...(this.#terminal !== undefined && { terminal: this.#terminal.fd }),
      refusals: [...this.#refusals],
    };
  }

  #addTerminal(terminal: { readonly fd: number; readonly target: string }, isRoots: boolean): void {
    if (isRoots) this.#terminal ??= terminal;
    if (this.#terminal === undefined) this.#refusals.add(`a child of it alone uses ${terminal.target}`);
    else if (this.#terminal.target !== terminal.target)
      this.#refusals.add(`uses two terminals: ${terminal.target}`);
  }

  #addRelay(
    { fd, target }: { readonly fd: number; readonly target: string },
    { key, mode }: { readonly key: string; readonly mode: "r" | "w" },
    isRoots: boolean,
  ): void {
    const other = this.#relays.get(key);
    if (isRoots && fd > HIGHEST_RELAYED)
      this.#refusals.add(`shares descriptor ${fd}, and 255 is the highest that is relayed`);
    else if (other === undefined && !isRoots)
      this.#refusals.add(`a child of it alone shares ${target} with others`);
    else if (other === undefined) this.#relays.set(key, { fd, mode, key });
    else if (other.mode !== mode)
      this.#refusals.add(`holds both ends of ${target}, as a make jobserver does`);
  }
}

type Verdict =
  | { readonly kind: "travels" | "terminal" }
  | { readonly kind: "relayed"; readonly mode: "r" | "w"; readonly key: string }
  | { readonly kind: "refused"; readonly reason: string };

function judge<D extends Descriptor>(descriptor: D, surroundings: Surroundings<D>): Verdict {
  const { target, access } = descriptor;
  if (target.startsWith("pipe:")) {
    if (!surroundings.isHeldOutside(target)) return { kind: "travels" };
    return { kind: "relayed", mode: access === "read" ? "r" : "w", key: target };
  }
  if (target.startsWith("socket:")) return { kind: "refused", reason: `uses a socket (${target})` };
  const [, kind] = /^anon_inode:\[?(\w+)/.exec(target) ?? [];
  if (kind !== undefined && !TRAVELLING_KINDS.includes(kind))
    return { kind: "refused", reason: `uses ${kind}` };
  if (!target.startsWith("/")) return { kind: "travels" };
  if (/^\/dev\/pts\/\d+$/.test(target)) return { kind: "terminal" };
  if (EVERYWHERE.includes(target)) return { kind: "travels" };
  return judgeFile(descriptor, surroundings);
}

function judgeFile<D extends Descriptor>(descriptor: D, surroundings: Surroundings<D>): Verdict {
  const { target, access } = descriptor;
  const kind = surroundings.kindOf(descriptor);
  if (kind === "device") return { kind: "refused", reason: `uses the device ${target}` };
  if (kind === "fifo") return { kind: "refused", reason: `uses the fifo ${target}` };
  if (kind !== "file" || !surroundings.isSharedOutside(descriptor)) return { kind: "travels" };
  if (access === "both")
    return { kind: "refused", reason: `shares the offset of ${target}, and reads and writes it` };
  if (target.endsWith(" (deleted)"))
    return { kind: "refused", reason: `shares a file without a name (${target})` };
  return { kind: "relayed", mode: access === "read" ? "r" : "w", key: target.slice(1) };
}
