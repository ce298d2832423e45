/** What the daemon must know of each job after a restart. */

import { readProcess } from "../../probes/processes/process.ts";
import type { GuestPlace } from "../migration/arrival/arrival.ts";
import type { GuestOrder } from "../migration/order.ts";

interface Record {
  /** Names job and link; a secret of the job. */
  readonly job: string;
  readonly pid: number;
  /** Clock ticks from the start of the machine to that of the process, proc(5): a pid alone may be used again. */
  readonly startTime: number;
  /** At most 15 bytes. */
  readonly name: string;
  /** Milliseconds since 1970 at which the process moved. */
  readonly since: number;
}

/** Whether the very process is there still, and not another with its pid. */
export function isAlive({ pid, startTime }: Pick<Record, "pid" | "startTime">): boolean {
  const facts = readProcess("", pid);
  return facts !== undefined && facts.state !== "Z" && facts.state !== "X" && facts.startTime === startTime;
}

/** A job of this node that runs on another; the process `pid` is its deputy. */
export interface AwayJob extends Record {
  readonly uid: number;
  /** The LAN address of the node where the guest runs, dotted decimal. */
  readonly node: string;
  /** Moves so far. */
  readonly moves: number;
  /** The node that it is on its way to from `node`. */
  readonly next?: string;
  /** Its image is at home: it is started again where its node dies. */
  readonly kept?: Kept;
}

export interface Kept {
  /** What the first node was told of it. */
  readonly order: GuestOrder;
  /** The process waits for SIGUSR1, as mosrun does before its program. */
  readonly waits: boolean;
}

/** A process of another node that runs here; the process `pid` is its supervisor. */
export interface GuestRecord extends Record {
  /** The LAN address of its home, dotted decimal. */
  readonly home: string;
  /** With the pid by which its home knows it. */
  readonly order: GuestOrder;
  /** Its own folder on this node. */
  readonly folder: string;
  /** Being restored, whole without having run, let go, or running; one that was let go is restored until it runs. */
  readonly stage: "arrives" | "waits" | "goes" | "runs";
}

/** The record of a guest whose supervisor has been started; `before` is what was known of its job. */
export function guestRecord(
  home: string,
  order: GuestOrder,
  { supervisor, folder }: GuestPlace,
  before: GuestRecord | undefined,
): GuestRecord {
  const { job, name } = order;
  const startTime = readProcess("", supervisor)?.startTime ?? 0;
  // Its home has nothing of a guest that was let go: the next daemon does not give it up, but restores it.
  const stage = before?.stage === "goes" && before.folder === folder ? "goes" : "arrives";
  return { job, name, home, order, folder, pid: supervisor, startTime, since: Date.now(), stage };
}

/** What mosrun has wished for a process of this node; `job` is its pid. */
export interface Wish extends Record {
  /** Load balancing leaves the process where it is. */
  readonly isLocked: boolean;
  /** It is started again from its last image where its node dies. */
  readonly isKept: boolean;
}

const COMMON = {
  job: "string",
  pid: "number",
  startTime: "number",
  name: "string",
  since: "number",
} as const;
const AWAY = { ...COMMON, uid: "number", node: "string", moves: "number" } as const;
const GUEST = { ...COMMON, home: "string", order: "object", folder: "string", stage: "string" } as const;
const WISH = { ...COMMON, isLocked: "boolean", isKept: "boolean" } as const;

/** A record as it was written; `undefined` for a text that is none. */
export function parseAwayJob(text: string): AwayJob | undefined {
  return parse(text, AWAY) as AwayJob | undefined;
}

export function parseGuestRecord(text: string): GuestRecord | undefined {
  return parse(text, GUEST) as GuestRecord | undefined;
}

export function parseWish(text: string): Wish | undefined {
  return parse(text, WISH) as Wish | undefined;
}

type Shape = Readonly<{ [name: string]: "string" | "number" | "object" | "boolean" }>;

function parse(text: string, shape: Shape): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const isWhole = Object.entries(shape).every(([name, type]) => typeof Reflect.get(value, name) === type);
  return isWhole ? value : undefined;
}
