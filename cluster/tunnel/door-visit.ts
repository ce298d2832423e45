/**
 * What is said at the door of a node, one line after the other:
 *
 *     visitor  clump-door 1 NONCE
 *     host     NONCE
 *     visitor  PROOF
 *     host     PROOF, or "unable" where the host cannot open its tunnel
 *
 * A nonce is 32 hexadecimal digits. A proof (mutual-proof.ts) holds for the LAN addresses of both nodes and for both
 * nonces. The visitor proves the key first, so that a stranger gets nothing to try keys on. In an open cluster both say
 * "open" in place of a nonce, and no more. A host whose daemon has to start first answers when it has started.
 */

import type { ClusterKey } from "../security/key.ts";
import { createNonce, isNonce, MutualProof } from "../security/mutual-proof.ts";

/** TCP, on the node's LAN address. */
export const DOOR_PORT = 5432;
/** Characters; a proof has 64. */
export const LONGEST_LINE = 100;
/** From the start of a visit to the proof of the key, at the host. */
export const VISIT_MILLISECONDS = 5_000;
/** The visitor waits until the host's kernel takes the connection. */
export const CONNECT_MILLISECONDS = 5_000;
/** A slow host has this long to start its daemon, and then again, from the proof on, to open its tunnel. */
export const ANSWER_MILLISECONDS = 15_000;
export const GREETING = "clump-door 1 ";
export const UNABLE = "unable";
export const OPEN = "open";

/** LAN addresses of both ends. */
export interface DoorAddresses {
  readonly visitor: string;
  readonly host: string;
}

/** The proofs of one visit. */
export function doorProof(
  key: ClusterKey,
  { visitor, host }: DoorAddresses,
  nonces: { readonly visitor: string; readonly host: string },
): MutualProof {
  return new MutualProof(key, "clump door", `${visitor} ${host} ${nonces.visitor} ${nonces.host}`);
}

/** The host's answer to the greeting, and the proofs that it expects from then on. @throws Error that says what is wrong */
export function answerGreeting(
  greeting: string,
  key: ClusterKey,
  addresses: DoorAddresses,
): { readonly nonce: string; readonly proof: MutualProof } {
  const visitor = greeting.startsWith(GREETING) ? greeting.slice(GREETING.length) : "";
  if (!isNonce(visitor)) throw new Error("it does not speak as a node does");
  const nonce = createNonce();
  return { nonce, proof: doorProof(key, addresses, { visitor, host: nonce }) };
}
