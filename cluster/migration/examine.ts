/** Whether a process can move, and what its deputy would relay: read from /proc, changes nothing. */

import { statSync } from "node:fs";
import {
  childrenOf,
  type Descriptor,
  descriptorsOf,
  foreignNamespaces,
  holdersOutside,
  type ProcessFacts,
  readLink,
  readProcess,
} from "../../probes/processes/process.ts";
import { isSameDescription } from "../../system/kernel/ptrace.ts";
import { planRelays, type RelayPlan } from "./relays.ts";

export interface Examination extends RelayPlan {
  readonly process: ProcessFacts;
}

/** Programs that serve their node alone: our own. */
const OWN_PROGRAMS = /^\/usr\/(s?bin|lib)\/clump/;

/** @throws Error where there is no such process */
export function examine(pid: number): Examination {
  const process = readProcess("", pid);
  if (process === undefined || process.state === "X")
    throw new Error(`Cannot move process ${pid}: there is none`);
  const early = refuseEarly(process);
  if (early.length > 0) return { process, relays: [], refusals: early };
  const holders = holdersOutside("", new Set([pid]));
  const plan = planRelays(descriptorsOf("", pid), {
    isHeldOutside: (target) => holders.has(target),
    isSharedOutside: ({ fd, target }) =>
      (holders.get(target) ?? []).some((other) => isShared({ pid, fd }, other)),
    kindOf: (descriptor) => kindOf(pid, descriptor),
  });
  return { process, ...plan };
}

/** What says no without a look at the descriptors. */
function refuseEarly(process: ProcessFacts): string[] {
  const { pid } = process;
  if (process.isKernelThread) return ["is a thread of the kernel"];
  if (pid === 1) return ["is process 1"];
  if (process.state === "Z") return ["has ended"];
  if (process.state === "T" || process.state === "t") return ["is stopped"];
  if (process.tracer !== 0) return [`is traced by process ${process.tracer}`];
  if (process.session === pid) return ["leads a session, as a shell at a prompt does"];
  if (OWN_PROGRAMS.test(readLink(`/proc/${pid}/exe`) ?? "")) return ["serves this node"];
  if (childrenOf("", pid).length > 0) return ["has children: move those"];
  const foreign = foreignNamespaces("", pid, "self");
  if (foreign.length > 0) return [`has namespaces of its own (${foreign.join(", ")})`];
  return readLink(`/proc/${pid}/root`) === "/" ? [] : ["has a root of its own"];
}

function isShared(
  one: { readonly pid: number; readonly fd: number },
  other: { readonly pid: number; readonly fd: number },
): boolean {
  try {
    return isSameDescription(one, other);
  } catch {
    // ESRCH or EBADF: the other one has gone, and shares no more.
    return false;
  }
}

function kindOf(pid: number, { fd }: Descriptor): "file" | "folder" | "fifo" | "device" | "other" {
  const stat = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
  if (stat === undefined) return "other";
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "folder";
  if (stat.isFIFO()) return "fifo";
  return stat.isCharacterDevice() || stat.isBlockDevice() ? "device" : "other";
}
