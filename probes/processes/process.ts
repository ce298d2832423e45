/** Facts of one process, from /proc/PID: proc(5). */

import { readdirSync, readlinkSync } from "node:fs";
import { listOptional, readOptional } from "../../system/files.ts";

export interface ProcessFacts {
  readonly pid: number;
  /** One letter: R, S, D, T, t, Z, X, I. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** At most 15 bytes. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly uid: number;
  /** The device number of its controlling terminal; 0 where it has none. */
  readonly terminal: number;
  /** 0 where no process traces it. */
  readonly tracer: number;
  /** Whether it may not make every system call, seccomp(2). */
  readonly filtersCalls: boolean;
  /** Resident memory in bytes. */
  readonly memory: number;
  /** The part of it that is in no file: anonymous and shared memory, in bytes. */
  readonly ownMemory: number;
  readonly isKernelThread: boolean;
  /** Clock ticks from the start of the machine to that of the process: tells it from a later one with its pid. */
  readonly startTime: number;
}

/** PF_KTHREAD and PF_EXITING of linux/sched.h, in the flags of /proc/PID/stat. */
const KERNEL_THREAD = 0x00200000;
const EXITING = 0x00000004;

/** USER_HZ, the same on every PC. */
const TICKS_A_SECOND = 100;

/** `undefined` where there is no such process. */
export function readProcess(root: string, pid: number): ProcessFacts | undefined {
  const stat = readStat(root, pid);
  const status = readOptional(`${root}/proc/${pid}/status`);
  if (!stat || !status) return undefined;
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "0";
  return {
    ...{ pid, state: stat.state, name: stat.name },
    ...{ parent: stat.field(4), group: stat.field(5), session: stat.field(6), terminal: stat.field(7) },
    argv: (readOptional(`${root}/proc/${pid}/cmdline`) ?? "").split("\0").slice(0, -1),
    uid: Number(field("Uid")),
    tracer: Number(field("TracerPid")),
    filtersCalls: field("Seccomp") !== "0",
    memory: 1024 * Number(field("VmRSS")),
    ownMemory: 1024 * (Number(field("RssAnon")) + Number(field("RssShmem"))),
    isKernelThread: stat.isKernelThread,
    startTime: stat.field(22),
  };
}

export interface Stat {
  /** At most 15 bytes. */
  readonly name: string;
  /** One letter: R, S, D, T, t, Z, X, I. */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** Processor seconds of all threads. */
  readonly used: number;
  /** The number with that place in the line, from 4 on. */
  readonly field: (place: number) => number;
}

/** /proc/PID/stat, one line; `undefined` where there is no such process. */
export function readStat(root: string, pid: number): Stat | undefined {
  const line = readOptional(`${root}/proc/${pid}/stat`);
  if (!line) return undefined;
  // The name stands in parentheses and may hold any character; the first field behind it is the third.
  const end = line.lastIndexOf(")");
  const fields = line.slice(end + 2).split(" ");
  const field = (place: number) => Number(fields[place - 3]);
  return {
    name: line.slice(line.indexOf("(") + 1, end),
    state: fields[0] ?? "",
    isKernelThread: (field(9) & KERNEL_THREAD) !== 0,
    used: (field(14) + field(15)) / TICKS_A_SECOND,
    field,
  };
}

/** Capabilities of each thread of a process, bit 0 for CAP_CHOWN, in each of those sets; capabilities(7). */
export function readCapabilities(
  root: string,
  pid: number | "self",
  sets: readonly ("CapInh" | "CapPrm" | "CapEff" | "CapBnd")[],
): bigint[] {
  const lines = new RegExp(`^(?:${sets.join("|")}):\\s*([0-9a-f]+)`, "gm");
  return listNumbers(`${root}/proc/${pid}/task`).flatMap((thread) => {
    const status = readOptional(`${root}/proc/${pid}/task/${thread}/status`) ?? "";
    return [...status.matchAll(lines)].map(([, mask]) => BigInt(`0x${mask}`));
  });
}

/** The pids of all processes that there are now, ascending. */
export function listProcesses(root: string): number[] {
  const names = readdirSync(`${root}/proc`).filter((name) => /^[1-9]\d*$/.test(name));
  return names.map(Number).sort((a, b) => a - b);
}

/** The pids of the children that a process has now. */
export function childrenOf(root: string, pid: number): number[] {
  const threads = listNumbers(`${root}/proc/${pid}/task`);
  return threads.flatMap((thread) => {
    const children = readOptional(`${root}/proc/${pid}/task/${thread}/children`) ?? "";
    return children.split(" ").filter(Boolean).map(Number);
  });
}

/**
 * The pid by which we know the process that the pid namespace of `init` calls `inner`; `undefined` where there is none.
 * pid_namespaces(7)
 */
export function pidOf(root: string, { init, inner }: { readonly init: number; readonly inner: number }) {
  const namespace = readLink(`${root}/proc/${init}/ns/pid`);
  return listProcesses(root).find((pid) => {
    const status = readOptional(`${root}/proc/${pid}/status`) ?? "";
    const names = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    return Number(names.at(-1)) === inner && readLink(`${root}/proc/${pid}/ns/pid`) === namespace;
  });
}

/** Whether a process is no more than its exit status, or nothing at all. */
export function hasEnded(root: string, pid: number): boolean {
  return ["Z", undefined].includes(readProcess(root, pid)?.state);
}

/** The same, and whether it is about to end: what it had is gone by then. */
export function isEnding(root: string, pid: number): boolean {
  const stat = readStat(root, pid);
  return stat === undefined || ["Z", "X"].includes(stat.state) || (stat.field(9) & EXITING) !== 0;
}

/** A process and all that descend from it, each before its children. */
export function treeOf(root: string, pid: number): number[] {
  return [pid, ...childrenOf(root, pid).flatMap((child) => treeOf(root, child))];
}

/**
 * Resident bytes of a process and all that descend from it, default those of files too; what they share counts more
 * than once.
 */
export function memoryOf(root: string, pid: number, kind: "memory" | "ownMemory" = "memory"): number {
  const sizes = treeOf(root, pid).map((each) => readProcess(root, each)?.[kind] ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Processor seconds that a process and all that descend from it have used; ended children do not count. */
export function processorSecondsOf(root: string, pid: number): number {
  return treeOf(root, pid).reduce((sum, each) => sum + (readStat(root, each)?.used ?? 0), 0);
}

/** Which kinds of namespaces a process has of its own, beside those of process `other`; namespaces(7). */
export function foreignNamespaces(root: string, pid: number, other: number | "self"): string[] {
  const kinds = ["mnt", "pid", "net", "uts", "ipc", "user", "time"];
  const link = (of: number | "self", kind: string) => readLink(`${root}/proc/${of}/ns/${kind}`);
  return kinds.filter((kind) => link(pid, kind) !== link(other, kind));
}

/** Whether this process may ask for the namespaces of another: ptrace(2), PTRACE_MODE_READ_FSCREDS. */
export function seesNamespaces(root: string, pid: number): boolean {
  return readLink(`${root}/proc/${pid}/ns/mnt`) !== undefined;
}

export interface Descriptor {
  readonly fd: number;
  /** What /proc/PID/fd/N points to: "/tmp/out", "pipe:[123]", "socket:[5]", "anon_inode:[eventfd]". */
  readonly target: string;
  /** How it is open: O_ACCMODE of its flags. */
  readonly access: "read" | "write" | "both";
}

const ACCESS = ["read", "write", "both"] as const;

/** The open descriptors of a process, ascending; those that close meanwhile are left out. */
export function descriptorsOf(root: string, pid: number): Descriptor[] {
  return listNumbers(`${root}/proc/${pid}/fd`).flatMap((fd) => {
    const target = readLink(`${root}/proc/${pid}/fd/${fd}`);
    const flags = /^flags:\s*(\d+)/m.exec(readOptional(`${root}/proc/${pid}/fdinfo/${fd}`) ?? "")?.[1];
    if (target === undefined || flags === undefined) return [];
    return [{ fd, target, access: ACCESS[Number.parseInt(flags, 8) & 3] ?? "both" }];
  });
}

/**
 * What the descriptors of all other processes point to, by target: who holds it, and as which descriptor. Processes of the
 * group `but` do not count.
 */
export function holdersOutside(
  root: string,
  inside: ReadonlySet<number>,
  but?: number,
): Map<string, { readonly pid: number; readonly fd: number }[]> {
  const holders = new Map<string, { readonly pid: number; readonly fd: number }[]>();
  for (const pid of listProcesses(root)) {
    if (inside.has(pid) || isInGroup(root, pid, but)) continue;
    for (const fd of listNumbers(`${root}/proc/${pid}/fd`)) {
      const target = readLink(`${root}/proc/${pid}/fd/${fd}`);
      if (target === undefined) continue;
      const list = holders.get(target);
      if (list === undefined) holders.set(target, [{ pid, fd }]);
      else list.push({ pid, fd });
    }
  }
  return holders;
}

function isInGroup(root: string, pid: number, group: number | undefined): boolean {
  return group !== undefined && readStat(root, pid)?.field(5) === group;
}

export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function listNumbers(folder: string): number[] {
  return listOptional(folder)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Our own programs, deputies among them. */
const OWN_PROGRAMS = /^\/usr\/(s?bin|lib)\/clump/;

/** Whether a process runs a program that serves its node alone. */
export function servesNode(root: string, pid: number): boolean {
  return OWN_PROGRAMS.test(readLink(`${root}/proc/${pid}/exe`) ?? "");
}
