/**
 * The seal of a datagram in a cluster with a key: what proves that a node with the key sent it, and that it was
 * not sent before. It follows the datagram: incarnation (4 bytes), sequence (4), HMAC-SHA256 cut to 16 (RFC 2104).
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { ClusterKey } from "./key.ts";

const MAC_BYTES = 16;
export const SEAL_BYTES = 8 + MAC_BYTES;

/** What a datagram is for: one that was sealed for discovery is worth nothing as gossip. */
export type SealPurpose = "discovery" | "gossip";

export interface SealFacts {
  readonly purpose: SealPurpose;
  /** Address of who sent it, unsigned 32 bits. */
  readonly sender: number;
}

export interface Sealed {
  readonly body: Uint8Array;
  readonly incarnation: number;
  readonly sequence: number;
}

export function seal({ body, incarnation, sequence }: Sealed, facts: SealFacts, key: ClusterKey): Uint8Array {
  const bytes = new Uint8Array(body.length + SEAL_BYTES);
  bytes.set(body);
  const view = new DataView(bytes.buffer);
  view.setUint32(body.length, incarnation);
  view.setUint32(body.length + 4, sequence);
  const signed = body.length + 8;
  bytes.set(sign(bytes.subarray(0, signed), facts, key), signed);
  return bytes;
}

/** What was sealed, or nothing where the seal is not of this key, purpose and sender. */
export function openSeal(bytes: Uint8Array, facts: SealFacts, key: ClusterKey): Sealed | undefined {
  const length = bytes.length - SEAL_BYTES;
  if (length < 0) return undefined;
  const signed = bytes.subarray(0, length + 8);
  if (!timingSafeEqual(sign(signed, facts, key), bytes.subarray(length + 8))) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + length);
  return { body: bytes.subarray(0, length), incarnation: view.getUint32(0), sequence: view.getUint32(4) };
}

function sign(bytes: Uint8Array, { purpose, sender }: SealFacts, key: ClusterKey): Uint8Array {
  const mac = createHmac("sha256", key).update(`${purpose} ${sender}\n`).update(bytes).digest();
  return mac.subarray(0, MAC_BYTES);
}
