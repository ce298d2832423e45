/** What nodes tell each other of one node, and its 48 bytes. Tables hold entries as the wire has them. */

export const ENTRY_BYTES = 48;

/** The entry of release 7.0 before it had a hardware address: the shortest that nodes understand. */
export const SHORTEST_ENTRY_BYTES = 36;

/** The length of the entry once a field behind the shortest entry was there: older nodes send shorter entries. */
const BYTES_WITH = { mac: 42, jobs: 46, processor: 48 } as const;

/** Status bits of MOSIX (msx_common.h and mosctl of openMosix-tools). */
export const STATUS = {
  configured: 1,
  up: 2,
  stay: 4,
  lstay: 8,
  block: 16,
  quiet: 32,
  nomfs: 64,
} as const;

const MOSIX_BITS = 0xff;

/** What is thought of a node, from good to bad; "silent" was discovered and does not gossip, as openMosix's do. */
export const CONDITIONS = ["silent", "up", "suspect", "dead", "left"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** The bits of the status that carry the condition. */
const CONDITION_SHIFT = 12;

export interface NodeEntry {
  /** Unsigned 32 bits; what a node is known by, because two may claim one number. */
  readonly address: number;
  /** Node number; 0 while it is not configured. */
  readonly id: number;
  readonly status: number;
  readonly condition: Condition;
  /** Seconds since 1970 when this life of the node began, or one more than its life before. */
  readonly incarnation: number;
  /** Counts what the node has sent in this life: the higher one is the newer one. */
  readonly beat: number;
  /** Milliseconds since the node said this; in a message, of a node in doubt, since it was found silent. */
  readonly age: number;
  /** 100 is one process for each standard processor. */
  readonly load: number;
  /** Share of the processors that was busy, 0 to 1. */
  readonly busy: number;
  /** Release of clump, 7.0 as 0x70; 0 where it is not known. */
  readonly version: number;
  readonly cpus: number;
  readonly speed: number;
  /** Bytes, in whole pages of 4096. */
  readonly memoryFree: number;
  readonly memoryTotal: number;
  /** Hardware address of the NIC that has the address, 48 bits; 0 where it is not known, as from an older node. */
  readonly mac: number;
  /** Processes of other nodes that run on this node; 0 also from an older node. */
  readonly guests: number;
  /** Processes of this node that run on other nodes; 0 also from an older node. */
  readonly away: number;
  /** What its processors can do, probes/processor-level.ts; 0 where that is not known. */
  readonly processor: number;
}

/** Milliseconds in one step of an age on the wire. */
const AGE_STEP = 10;
const PAGE = 4_096;

export function writeEntry(view: DataView, at: number, entry: NodeEntry): void {
  const condition = CONDITIONS.indexOf(entry.condition) << CONDITION_SHIFT;
  view.setUint32(at, entry.address);
  view.setUint16(at + 4, entry.id);
  view.setUint16(at + 6, (entry.status & MOSIX_BITS) | condition);
  view.setUint32(at + 8, entry.incarnation);
  view.setUint32(at + 12, entry.beat);
  view.setUint16(at + 16, atMost(Math.ceil(entry.age / AGE_STEP), 0xffff));
  view.setUint16(at + 18, atMost(entry.load, 0xffff));
  view.setUint8(at + 20, atMost(Math.round(entry.busy * 255), 255));
  view.setUint8(at + 21, entry.version);
  view.setUint16(at + 22, atMost(entry.cpus, 0xffff));
  view.setUint32(at + 24, atMost(entry.speed, 0xffffffff));
  view.setUint32(at + 28, atMost(Math.floor(entry.memoryFree / PAGE), 0xffffffff));
  view.setUint32(at + 32, atMost(Math.floor(entry.memoryTotal / PAGE), 0xffffffff));
  view.setUint16(at + 36, Math.floor(entry.mac / 2 ** 32));
  view.setUint32(at + 38, entry.mac % 2 ** 32);
  view.setUint16(at + 42, atMost(entry.guests, 0xffff));
  view.setUint16(at + 44, atMost(entry.away, 0xffff));
  view.setUint16(at + 46, entry.processor);
}

/** Reads an entry of `size` bytes; bytes behind those of this release are passed over. */
export function readEntry(view: DataView, at: number, size = ENTRY_BYTES): NodeEntry {
  const status = view.getUint16(at + 6);
  return {
    address: view.getUint32(at),
    id: view.getUint16(at + 4),
    status: status & MOSIX_BITS,
    condition: CONDITIONS[status >>> CONDITION_SHIFT] ?? "up",
    incarnation: view.getUint32(at + 8),
    beat: view.getUint32(at + 12),
    age: view.getUint16(at + 16) * AGE_STEP,
    load: view.getUint16(at + 18),
    busy: view.getUint8(at + 20) / 255,
    version: view.getUint8(at + 21),
    cpus: view.getUint16(at + 22),
    speed: view.getUint32(at + 24),
    memoryFree: view.getUint32(at + 28) * PAGE,
    memoryTotal: view.getUint32(at + 32) * PAGE,
    mac: size < BYTES_WITH.mac ? 0 : view.getUint16(at + 36) * 2 ** 32 + view.getUint32(at + 38),
    guests: size < BYTES_WITH.jobs ? 0 : view.getUint16(at + 42),
    away: size < BYTES_WITH.jobs ? 0 : view.getUint16(at + 44),
    processor: size < BYTES_WITH.processor ? 0 : view.getUint16(at + 46),
  };
}

function atMost(value: number, most: number): number {
  return Math.min(Math.max(Math.round(value), 0), most);
}

/** A suspect lives until the contrary is certain. */
export function isAlive(condition: Condition): boolean {
  return condition === "up" || condition === "suspect";
}

/** Whether of two opinions of the same age this one is to be believed. */
export function isWorse(condition: Condition, than: Condition): boolean {
  return CONDITIONS.indexOf(condition) > CONDITIONS.indexOf(than);
}

/** A node that was found some other way, and has not said anything of itself. */
export function silentEntry(address: number, id: number): NodeEntry {
  const facts = { load: 0, busy: 0, version: 0, cpus: 0, speed: 0, memoryFree: 0, memoryTotal: 0 };
  const later = { mac: 0, guests: 0, away: 0, processor: 0 };
  return { ...facts, ...later, address, id, status: 3, condition: "silent", incarnation: 0, beat: 0, age: 0 };
}
