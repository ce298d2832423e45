/** Whether a process can move, and what its deputy would relay: read from /proc, changes nothing. */

import {
  descriptorsOf,
  foreignNamespaces,
  isEnding,
  type ProcessFacts,
  readCapabilities,
  readLink,
  readProcess,
  servesNode,
  treeOf,
} from "../../../probes/processes/process.ts";
import { isOfSlurm } from "../../../probes/processes/slurm.ts";
import { readOptional } from "../../../system/files.ts";
import { isSameMemory } from "../../../system/kernel/ptrace.ts";
import { findLimit } from "./capabilities.ts";
import { planRelays, type RelayPlan } from "./relays.ts";
import { type Held, OneLook } from "./surroundings.ts";

export interface Examination extends RelayPlan {
  readonly process: ProcessFacts;
  /** The pids of all that would move: the process and its descendants. */
  readonly tree: readonly number[];
}

/** Majors of pseudo-terminals. */
const FIRST_PTS_MAJOR = 136;
const LAST_PTS_MAJOR = 143;
/** A deputy's own descriptors begin at 256: FIRST_OWN of programs.h. */
const LEAST_OPEN_FILES = 300;

/** Others that share what it has open may end in each look. What stands still is not to move by a guess. */
const MOST_LOOKS = 4;
const UNCERTAIN = "has files open that change hands or names meanwhile";

const [MOST_VFORK_LOOKS, VFORK_LOOK_MILLISECONDS] = [50, 1];

/** What can be seen of a process and its descendants alone. */
export interface Look {
  readonly process: ProcessFacts;
  readonly tree: readonly number[];
  /** Why it stays, whatever its descriptors are. */
  readonly refusal?: string;
  /** The descriptors of the process, and those of each descendant. */
  readonly held: readonly (readonly Held[])[];
}

/** Looks at a process and its descendants; `deputy` is the program of deputies. @throws Error where there is none */
export function examine(pid: number, deputy = ""): Examination {
  return lookAround(look(pid, deputy));
}

/** The first half of examine(): criu(8) changes what is to be seen. @throws Error where there is no such process */
export function look(pid: number, deputy = ""): Look {
  const process = readProcess("", pid);
  if (process === undefined || process.state === "X")
    throw new Error(`Cannot move process ${pid}: there is none`);
  const tree = treeOf("", pid);
  const early = refuseRoot(process) ?? tree.flatMap((member) => refuseMember(member, pid, deputy))[0];
  if (early !== undefined) return { process, tree, refusal: early, held: [] };
  return { process, tree, held: tree.map(heldBy) };
}

/**
 * The second half: who else has what they have open. It reads each descriptor of this node, which takes a while. The group
 * `criu` is of a criu(8) that dumps them meanwhile, and has their descriptors then.
 */
export function lookAround({ process, tree, refusal, held }: Look, criu?: number): Examination {
  if (refusal !== undefined) return { process, tree, relays: [], refusals: [refusal] };
  const [own = [], ...others] = held;
  for (let looks = 1; ; looks++) {
    const around = new OneLook(tree, criu);
    const plan = planRelays(own, around, others.flat());
    if (around.isCertain || (looks === MOST_LOOKS && criu === undefined)) return { process, tree, ...plan };
    if (looks === MOST_LOOKS) return { process, tree, relays: [], refusals: [UNCERTAIN] };
  }
}

function heldBy(pid: number): Held[] {
  const terminal = terminalName(readProcess("", pid)?.terminal ?? 0);
  return descriptorsOf("", pid).map((descriptor) => {
    const isOwn = descriptor.target === "/dev/tty" && terminal !== undefined;
    return { ...descriptor, ...(isOwn && { target: terminal }), pid };
  });
}

/** The path of a pseudo-terminal: Documentation/admin-guide/devices.txt. `undefined` for others. */
function terminalName(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  return major >= FIRST_PTS_MAJOR && major <= LAST_PTS_MAJOR
    ? `/dev/pts/${256 * (major - FIRST_PTS_MAJOR) + minor}`
    : undefined;
}

/** What says no without a look at the descriptors, of the root alone. */
function refuseRoot({ pid, state, isKernelThread, session, terminal }: ProcessFacts): string | undefined {
  if (isKernelThread) return "is a thread of the kernel";
  if (pid === 1) return "is process 1";
  if (state === "Z") return "has ended";
  if (state === "T" || state === "t") return "is stopped";
  if (session === pid && terminal !== 0) return "leads a session, as a shell at a prompt does";
  return undefined;
}

/** The same of each process of the tree. */
function refuseMember(pid: number, root: number, deputy: string): string[] {
  const facts = readProcess("", pid);
  const refusal = facts && refusalOf(facts, root, deputy);
  // A child that ends meanwhile has shown nothing of what was looked at.
  if (refusal === undefined || isEnding("", pid)) return [];
  return [pid === root ? refusal : `has the child ${pid} (${facts?.name}), which ${refusal}`];
}

function refusalOf(facts: ProcessFacts, root: number, deputy: string): string | undefined {
  const { pid, tracer } = facts;
  if (tracer !== 0) return `is traced by process ${tracer}`;
  const program = readLink(`/proc/${pid}/exe`) ?? "";
  if (program === deputy || program.endsWith("/clump/deputy")) return "is away already";
  if (servesNode("", pid)) return "serves this node";
  if (isOfSlurm("", pid)) return "belongs to a job of Slurm, which counts it on this node";
  const foreign = foreignNamespaces("", pid, "self");
  if (foreign.length > 0) return `has namespaces of its own (${foreign.join(", ")})`;
  if (readLink(`/proc/${pid}/root`) !== "/") return "has a root of its own";
  return refuseKind(facts, root);
}

/** What criu(8) would refuse after the freeze, or a deputy could not live with. */
function refuseKind({ pid, filtersCalls }: ProcessFacts, root: number): string | undefined {
  if (filtersCalls) return "may not make every system call (seccomp)";
  const limit = limitOf(pid);
  if (limit !== undefined) return limit;
  if (pid === root && mostOpenFiles(pid) < LEAST_OPEN_FILES)
    return `may open ${mostOpenFiles(pid)} files, and its deputy wants ${LEAST_OPEN_FILES}`;
  if (pid !== root && sharesMemory(pid, root)) return "shares its memory (clone_vm)";
  const lock = lockedFile(pid);
  return lock === undefined ? refuseMaps(pid) : `holds a lock of ${lock}`;
}

/** As a guest it would have fewer capabilities, and at home get them back all. */
function limitOf(pid: number): string | undefined {
  const full = readCapabilities("", "self", ["CapPrm"])[0] ?? 0n;
  const sets = readCapabilities("", pid, ["CapInh", "CapPrm", "CapEff", "CapBnd"]);
  return sets.map((set) => findLimit(set, full)).find((limit) => limit !== undefined);
}

function refuseMaps(pid: number): string | undefined {
  for (const line of (readOptional(`/proc/${pid}/maps`) ?? "").split("\n")) {
    const name = line.slice(line.indexOf("/"));
    if (line.includes(" /SYSV")) return "shares memory of System V (monkey)";
    if (line.includes("anon_inode:[io_uring]")) return "uses io_uring";
    if (/ \/dev\/(?!shm\/|zero|null)/.test(line)) return `maps the device ${name} (mmap_dev)`;
  }
  return undefined;
}

function lockedFile(pid: number): string | undefined {
  const locked = descriptorsOf("", pid).find(({ fd }) =>
    /^lock:/m.test(readOptional(`/proc/${pid}/fdinfo/${fd}`) ?? ""),
  );
  return locked?.target;
}

function sharesMemory(pid: number, other: number): boolean {
  try {
    // A child that is about to run its program shares that of its parent, vfork(2).
    for (let looks = 1; isSameMemory(pid, other); looks++)
      if (looks === MOST_VFORK_LOOKS) return true;
      else Bun.sleepSync(VFORK_LOOK_MILLISECONDS);
  } catch {
    // ESRCH: the other one has gone.
  }
  return false;
}

/** The soft limit of descriptors, getrlimit(2). */
function mostOpenFiles(pid: number): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readOptional(`/proc/${pid}/limits`) ?? "")?.[1];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}
