/**
 * How two ends of a connection prove to each other that they have the cluster key, while the key never crosses the
 * network. Each end gives an HMAC (RFC 2104, SHA-256) over its role and the transcript: nonces of both ends, and whatever
 * else the proof must hold for. The key of the HMAC is one purpose's alone: a proof for one protocol is worth nothing in
 * another. The role keeps an end from being given its own proof back.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { ClusterKey } from "./key.ts";

const NONCE_BYTES = 16;

/** A nonce as hexadecimal digits. */
export function createNonce(): string {
  return randomBytes(NONCE_BYTES).toString("hex");
}

export function isNonce(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** HMAC-SHA256 of a text, as hexadecimal digits. */
export function sign(key: Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Compares in a time that does not depend on where the texts differ. */
export function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The proofs of both ends of one connection. */
export class MutualProof {
  readonly #key: Uint8Array;
  readonly #transcript: string;

  /** `purpose` names the protocol: "clump control port". */
  constructor(key: ClusterKey, purpose: string, transcript: string) {
    this.#key = createHmac("sha256", key).update(purpose).digest();
    this.#transcript = transcript;
  }

  /** What that end says to prove that it has the key. */
  of(end: "client" | "server"): string {
    return sign(this.#key, `${end}\n${this.#transcript}`);
  }

  proves(end: "client" | "server", proof: string): boolean {
    return isEqual(this.of(end), proof);
  }

  /** A key for what follows the proofs on this connection. */
  sessionKey(): Uint8Array {
    return createHmac("sha256", this.#key).update(`session\n${this.#transcript}`).digest();
  }
}
