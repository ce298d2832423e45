/** Where datagrams come in and go out: seals them where there is a key, and counts what it turns away. */

import type { ClusterKey } from "./key.ts";
import { ReplayGuard } from "./replay-guard.ts";
import { openSeal, SEAL_BYTES, type SealPurpose, seal } from "./seal.ts";

/** What was dropped since the start, and why. */
export interface DropCounts {
  /** Longer than any datagram of ours. */
  oversized: number;
  /** No datagram of ours. */
  malformed: number;
  /** Without the seal of this cluster. */
  forged: number;
  /** Sealed, and heard before. */
  replayed: number;
  /** The body names another sender than the datagram's source address. */
  misaddressed: number;
  /** Its sender is outside the network and the map of this node. */
  foreign: number;
  /** More than is answered in a second. */
  hasty: number;
}

export function noDrops(): DropCounts {
  return { oversized: 0, malformed: 0, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 };
}

export interface DatagramSealOptions {
  readonly purpose: SealPurpose;
  /** Absent in an open cluster. */
  readonly key: ClusterKey | undefined;
  readonly drops: DropCounts;
  /** Bytes of the longest body. */
  readonly longest: number;
  /** Senders whose sequence is remembered. */
  readonly mostSenders: number;
  /**
   * A sealed datagram was turned away because a later one of that sender is known, the `latest`: somebody sends it
   * again, or the sender has begun a new life with a clock that went back.
   */
  readonly onReplay?: (sender: number, latest: { incarnation: number; sequence: number }) => void;
}

export class DatagramSeal {
  readonly #options: DatagramSealOptions;
  readonly #guard: ReplayGuard;

  constructor(options: DatagramSealOptions) {
    this.#options = options;
    this.#guard = new ReplayGuard(options.mostSenders);
  }

  /** The datagram for a body. */
  seal(body: Uint8Array, sent: { sender: number; incarnation: number; sequence: number }): Uint8Array {
    const { key, purpose } = this.#options;
    return key === undefined ? body : seal({ body, ...sent }, { purpose, sender: sent.sender }, key);
  }

  /** The body of a datagram from that address, or nothing where it is turned away. */
  open(bytes: Uint8Array, sender: number): Uint8Array | undefined {
    const { key, purpose, drops, longest } = this.#options;
    if (bytes.length > longest + (key ? SEAL_BYTES : 0)) return drop(drops, "oversized");
    if (key === undefined) return bytes;
    const sealed = openSeal(bytes, { purpose, sender }, key);
    if (sealed === undefined) return drop(drops, "forged");
    if (this.#guard.accepts(sender, sealed.incarnation, sealed.sequence)) return sealed.body;
    const latest = this.#guard.latest(sender);
    if (latest) this.#options.onReplay?.(sender, latest);
    return drop(drops, "replayed");
  }
}

/** Counts what is turned away, here or by who reads the body. */
export function drop(drops: DropCounts, why: keyof DropCounts): undefined {
  drops[why]++;
  return undefined;
}
