/** What a workstation needs for its part in a cluster: readings of the machine, and what each says. */

import { findMisfit } from "../../cluster/migration/criu-version.ts";
import { mayRunOn } from "../../probes/processor-level.ts";
import { findThief, type Listener, PORTS } from "./listeners.ts";

/** What a firewall has to let through, in both directions (docs/security.md). */
const LET_THROUGH = "UDP 1334, 5430 and 5433, TCP 5432";

/** Flags of /proc/cpuinfo that every x86-64-v2 processor has; the program is compiled for those. */
const V2_FLAGS = ["cx16", "popcnt", "ssse3", "sse4_1", "sse4_2"];

/** Modules that moves load, with what they are for. */
export const MODULES = {
  fuse: "the files of home for guests",
  autofs4: "/mfs",
  wireguard: "the encrypted tunnel",
  unix_diag: "criu(8)",
} as const;

export interface Readings {
  /** The text of /proc/cpuinfo. */
  readonly cpuinfo: string;
  /** "6.1.0-57-amd64". */
  readonly kernel: string;
  readonly hasSystemd: boolean;
  /** Whether the cgroup2 hierarchy is mounted as a whole. */
  readonly hasCgroup2: boolean;
  /** "3.17.1"; absent without criu(8). */
  readonly criu?: string;
  /** What `criu check` says; absent where only root can ask. */
  readonly criuCheck?: { readonly ok: boolean; readonly complaint: string };
  /** The modules of MODULES that this kernel has not. */
  readonly missingModules: readonly string[];
  /** The address that makes the node, or why there is none. */
  readonly nic: { readonly address: string; readonly name: string } | { readonly problem: string };
  readonly hasKey: boolean;
  /** The name of a firewall that runs here. */
  readonly firewall?: string;
  /** Whether a time server sets the clock; absent where timedatectl(1) does not say. */
  readonly isClockSet?: boolean;
  /** What listens where other nodes ask. */
  readonly listeners: readonly Listener[];
  /** What the processors of this workstation can do (probes/processor-level.ts). */
  readonly processor: number;
  /** The other nodes that are up. */
  readonly nodes: readonly { readonly id: number; readonly processor?: number }[];
}

export interface Finding {
  readonly ok: boolean;
  /** What is, or what is missing and how to get it. */
  readonly text: string;
}

export function diagnose(readings: Readings): Finding[] {
  const { hasSystemd, hasCgroup2, missingModules, nic, hasKey, nodes } = readings;
  const modules = Object.entries(MODULES).map(([name, what]) =>
    missingModules.includes(name)
      ? bad(
          `the module ${name}, for ${what}, is missing: the full kernel package was wanted (linux-image-amd64)`,
        )
      : good(`the module ${name}, for ${what}`),
  );
  return [
    diagnoseProcessor(readings),
    hasSystemd ? good("systemd") : bad("systemd does not run: it starts the services"),
    hasCgroup2
      ? good("control groups, version 2")
      : bad("no cgroup2 at /sys/fs/cgroup: systemd.unified_cgroup_hierarchy=1 was wanted"),
    ...diagnoseCriu(readings),
    ...modules,
    "problem" in nic ? bad(nic.problem) : good(`the address ${nic.address} on ${nic.name}`),
    hasKey ? good("a cluster key") : bad("no cluster key: clump join makes one"),
    ...diagnoseClock(readings),
    ...PORTS.map((port) => diagnosePort(port, readings)),
    ...diagnoseFirewall(readings),
    ...nodes.map((node) => diagnoseNode(node, readings.processor)),
  ];
}

/** A process takes the time of day from the node that it is on. */
function diagnoseClock({ isClockSet }: Readings): Finding[] {
  if (isClockSet === undefined) return [];
  const why = "a process that moves sees the clock of each node";
  return isClockSet
    ? [good("a clock that a time server sets")]
    : [bad(`no time server sets the clock, and ${why}: apt install systemd-timesyncd`)];
}

function diagnosePort(port: (typeof PORTS)[number], { listeners }: Readings): Finding {
  const name = `${port.protocol.toUpperCase()} ${port.port}, for ${port.what}`;
  const thief = findThief(listeners, port);
  return thief === undefined ? good(name) : bad(`${name}: ${thief} has it, and has to listen elsewhere`);
}

/** Where other nodes are seen, it lets them through. */
function diagnoseFirewall({ firewall, nodes }: Readings): Finding[] {
  if (firewall === undefined || nodes.length > 0) return [];
  return [
    bad(`${firewall} runs, and no other node is seen: it has to let ${LET_THROUGH} of other nodes through`),
  ];
}

function diagnoseNode({ id, processor = 0 }: Readings["nodes"][number], home: number): Finding {
  if (mayRunOn(processor, home))
    return good(`processes may go to node ${id}: its processor knows what this one does`);
  const [there, here] = [processor, home].map((value) => `x86-64-v${value >> 8}`);
  return bad(
    `processes that begin here stay away from node ${id}: its processor (${there}) lacks what this one (${here}) saves of a process or runs`,
  );
}

function diagnoseProcessor({ cpuinfo }: Readings): Finding {
  const flags = /^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(" ") ?? [];
  const missing = V2_FLAGS.filter((flag) => !flags.includes(flag));
  if (missing.length === 0) return good("an x86-64-v2 processor");
  return bad(`the processor lacks ${missing.join(", ")}: an x86-64-v2 processor was wanted`);
}

function diagnoseCriu({ criu, criuCheck, kernel }: Readings): Finding[] {
  if (criu === undefined) return [bad("no /usr/sbin/criu: apt install criu")];
  const misfit = findMisfit(criu, kernel);
  if (misfit !== undefined) return [bad(misfit)];
  if (criuCheck?.ok === false) return [bad(`criu check: ${criuCheck.complaint}`)];
  return [
    good(`criu ${criu} for kernel ${kernel}${criuCheck === undefined ? "; root can ask criu check" : ""}`),
  ];
}

function good(text: string): Finding {
  return { ok: true, text };
}

function bad(text: string): Finding {
  return { ok: false, text };
}
