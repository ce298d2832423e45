/**
 * The datagram of the gossip: magic (4 bytes), version, flags, size of an entry, count of entries, the entries.
 * The sender's own comes first. A later version may make entries longer and put bytes behind them; what is
 * not known is passed over, so that old and new nodes are one cluster while its nodes are renewed.
 */

import { ENTRY_BYTES, type NodeEntry, readEntry, SHORTEST_ENTRY_BYTES, writeEntry } from "./entry.ts";

export const GOSSIP_PORT = 5430;

/** Under the MTU of any Ethernet, with room for the headers of tunnels. */
export const MOST_BYTES = 1_400;

const MAGIC = 0x636c6d70;
const VERSION = 1;
const HEADER_BYTES = 8;
/** Whoever gets this answers at once, so that its silence means something. */
const WANTS_ANSWER = 1;
/** A short answer will do. */
const IS_BRIEF = 2;

export interface GossipMessage {
  readonly wantsAnswer: boolean;
  /** Asks for a sign of life alone. */
  readonly isBrief?: boolean;
  /** At least one: the sender's own. */
  readonly entries: readonly NodeEntry[];
}

/** A message, and the address of the node it goes to. */
export interface Outgoing {
  readonly to: number;
  readonly message: GossipMessage;
}

/** How many entries fit beside so many bytes of a seal. */
export function mostEntries(sealBytes: number): number {
  return Math.floor((MOST_BYTES - HEADER_BYTES - sealBytes) / ENTRY_BYTES);
}

export function encodeGossip({ wantsAnswer, isBrief, entries }: GossipMessage): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint8(4, VERSION);
  view.setUint8(5, (wantsAnswer ? WANTS_ANSWER : 0) | (isBrief ? IS_BRIEF : 0));
  view.setUint8(6, ENTRY_BYTES);
  view.setUint8(7, entries.length);
  for (const [index, entry] of entries.entries()) writeEntry(view, HEADER_BYTES + index * ENTRY_BYTES, entry);
  return bytes;
}

/** The message in a datagram, or nothing where it is none. */
export function decodeGossip(bytes: Uint8Array): GossipMessage | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > MOST_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint8(6);
  const count = view.getUint8(7);
  if (view.getUint32(0) !== MAGIC || view.getUint8(4) < VERSION) return undefined;
  const rest = bytes.length - HEADER_BYTES - count * size;
  if (size < SHORTEST_ENTRY_BYTES || count === 0 || rest < 0) return undefined;
  // What follows a message of this version is the seal of another cluster.
  if (view.getUint8(4) === VERSION && rest > 0) return undefined;
  return {
    wantsAnswer: (view.getUint8(5) & WANTS_ANSWER) !== 0,
    ...((view.getUint8(5) & IS_BRIEF) !== 0 && { isBrief: true }),
    entries: Array.from({ length: count }, (_, index) => readEntry(view, HEADER_BYTES + index * size, size)),
  };
}
