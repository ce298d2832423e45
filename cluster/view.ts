/** What this node knows of its cluster, for whoever shows it: a file that is always whole. */

import { readFileSync } from "node:fs";
import { replaceFile } from "../system/files.ts";
import { PATHS } from "../system/state/paths.ts";
import { CONDITIONS, type Condition } from "./gossip/entry.ts";
import type { DropCounts } from "./security/datagram-seal.ts";

/** How nodes find each other and get their numbers. */
export const DISCOVERIES = ["map", "omdiscd", "static"] as const;
export type Discovery = (typeof DISCOVERIES)[number];

export interface NodeView {
  /** Node number; 0 while it has none. */
  readonly id: number;
  /** Dotted decimal. */
  readonly address: string;
  readonly aliases: readonly string[];
  /** Hardware address of the NIC that has the address; absent where it is not known. */
  readonly mac?: string;
  readonly state: Condition;
  readonly isSelf: boolean;
  /** Bits of MOSIX: 1 configured, 2 up, 4 stay, 8 lstay, 16 block, 32 quiet, 64 nomfs. */
  readonly status: number;
  /** 1 is one process for each standard processor. This and the next five are NaN, in JSON null, where they are unknown. */
  readonly load: number;
  /** Share of its processors that is busy, 0 to 1. */
  readonly busy: number;
  readonly cpus: number;
  readonly speed: number;
  /** Bytes. */
  readonly memoryFree: number;
  readonly memoryTotal: number;
  /** Processes of other nodes that run on it, and processes of it that run on others; absent in views of older releases. */
  readonly guests?: number;
  readonly away?: number;
  /** What its processors can do, probes/processor-level.ts; 0 where that is not known, absent in views of older releases. */
  readonly processor?: number;
  /** Seconds after the start of this machine's kernel at which the node said this. */
  readonly heardUptime: number;
  readonly incarnation: number;
  /** "7.0"; empty where it is not known. */
  readonly version: string;
}

/** What a node alone can say of itself. */
const LOAD_KEYS = ["load", "busy", "cpus", "speed", "memoryFree", "memoryTotal"] as const;
export const UNKNOWN_LOAD = {
  load: Number.NaN,
  busy: Number.NaN,
  cpus: Number.NaN,
  speed: Number.NaN,
  memoryFree: Number.NaN,
  memoryTotal: Number.NaN,
} as const satisfies Record<(typeof LOAD_KEYS)[number], number>;

export interface ClusterView {
  /** Without a key: whoever is on the network is in the cluster. */
  readonly isOpen: boolean;
  readonly discovery: Discovery;
  /** This node first, then by number. */
  readonly nodes: readonly NodeView[];
  /** What is wrong with the cluster, one sentence each: two nodes with one number. */
  readonly problems: readonly string[];
  readonly drops: DropCounts;
  /** Whether two measurements of this node's speed agree, or a person has set it; absent in views of older releases. */
  readonly isSpeedKnown?: boolean;
  /** Seconds after the start of the kernel at which clumpd was stopped; absent while clumpd runs. */
  readonly stoppedUptime?: number;
}

/** Replaces the view by one that is JSON already: it may be large. @throws the error of the file system */
export function writeView(root: string, text: string): void {
  replaceFile(root + PATHS.view, text);
}

/** The cluster as this node last saw it, or nothing while there is no view that can be read. */
export function readView(root: string): ClusterView | undefined {
  try {
    const value = parseViewJson(readFileSync(root + PATHS.view, "utf8"));
    return isView(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Parses JSON in which a view may be: a load that is unknown is null there, and NaN here. @throws SyntaxError */
export function parseViewJson(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    value === null && LOAD_KEYS.some((name) => name === key) ? Number.NaN : value,
  );
}

/** Whether all is there that whoever shows a view relies on: one may come from another node, or another release. */
export function isView(value: unknown): value is ClusterView {
  if (typeof value !== "object" || value === null) return false;
  const nodes: unknown = Reflect.get(value, "nodes");
  const problems: unknown = Reflect.get(value, "problems");
  const drops: unknown = Reflect.get(value, "drops");
  return (
    Array.isArray(nodes) &&
    nodes.every(isNode) &&
    Array.isArray(problems) &&
    problems.every((problem) => typeof problem === "string") &&
    typeof drops === "object" &&
    drops !== null
  );
}

function isNode(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const numbers = ["id", "status", "heardUptime", ...LOAD_KEYS];
  return (
    numbers.every((key) => typeof Reflect.get(value, key) === "number") &&
    typeof Reflect.get(value, "address") === "string" &&
    ["string", "undefined"].includes(typeof Reflect.get(value, "mac")) &&
    CONDITIONS.some((condition) => condition === Reflect.get(value, "state"))
  );
}
