/** The key of munged(8): by this key Slurm knows who sent a request. */

import { hkdfSync } from "node:crypto";
import { findKey } from "../../cluster/security/key.ts";

/** What the derived key is for: another purpose gets another key. */
const PURPOSE = "clump munge key";
/** In base64 without padding 1,023 characters, a line of 1,024 bytes; munged reads no longer key. */
const RANDOM_BYTES = 767;

/**
 * The munge key that follows from the cluster key, by HKDF (RFC 5869) with SHA-256: one line of text, so that a person can
 * carry it to the controller by any editor. @throws Error where the node has no cluster key
 */
export function deriveMungeKey(root: string): string {
  const key = findKey(root);
  if (key === undefined)
    throw new Error("Cannot make a munge key: clump.key= was wanted, and this node has none");
  const bytes = Buffer.from(hkdfSync("sha256", key, "", PURPOSE, RANDOM_BYTES));
  return `${bytes.toString("base64").replaceAll("=", "")}\n`;
}
