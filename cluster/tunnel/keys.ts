/**
 * The key pairs of the tunnel. A node's private key is derived from the cluster key and the node's address, so that each
 * node computes the public key of every other node, and no key is exchanged.
 */

import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";
import type { ClusterKey } from "../security/key.ts";

const SALT = "clump tunnel 1";
/** What stands before the 32 bytes of an X25519 private key in PKCS #8; RFC 8410, section 7. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The first so many bytes that HKDF (RFC 5869, SHA-256) makes of the cluster key for one purpose. */
export function deriveBytes(key: ClusterKey, purpose: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, SALT, purpose, length));
}

/** The X25519 private key (RFC 7748), 32 bytes, of the node with that LAN address. */
export function privateKeyOf(key: ClusterKey, address: string): Uint8Array {
  return deriveBytes(key, `private key of ${address}`, 32);
}

/** The X25519 public key, 32 bytes, of the node with that LAN address. */
export function publicKeyOf(key: ClusterKey, address: string): Uint8Array {
  return toPublicKey(privateKeyOf(key, address));
}

/** X25519(private key, 9); RFC 7748, section 6.1. */
export function toPublicKey(privateKey: Uint8Array): Uint8Array {
  const der = Buffer.concat([PKCS8_HEAD, privateKey]);
  const pair = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(pair).export({ format: "jwk" });
  return new Uint8Array(Buffer.from(x, "base64url"));
}
