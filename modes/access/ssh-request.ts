/** Whom a node lets in by ssh, as `clump.ssh=` says. */

import { parseBoolean } from "../../system/boolean.ts";

export interface SshRequest {
  /** Public keys, each as the line "TYPE BASE64" of an authorized_keys file (sshd(8)). */
  readonly keys: readonly string[];
  /** Whether the keys of the file clump.ssh, and the password of the shells, let people in too. */
  readonly takesFileAndPassword: boolean;
}

export const SSH_WANTED =
  "a public key as ssh-keygen writes it, or nothing for the file clump.ssh and the password of the shells";

const KEY_TYPES =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;
/** RFC 4251, section 5: a string has its length before it, in four bytes. */
const LENGTH_BYTES = 4;

/** Parses one value: a key, "more" for the bare option, "off"; undefined for an invalid value. */
export function parseSshValue(value: string): { readonly key: string } | "more" | "off" | undefined {
  const isOn = value === "" ? true : parseBoolean(value);
  if (isOn !== undefined) return isOn ? "more" : "off";
  const key = parsePublicKey(value);
  return key === undefined ? undefined : { key };
}

/** Joins the values of one command line; "off" takes back those before it. */
export function joinSshValues(
  values: readonly Exclude<ReturnType<typeof parseSshValue>, undefined>[],
): SshRequest | undefined {
  const counted = values.slice(values.lastIndexOf("off") + 1);
  if (counted.length === 0) return undefined;
  const keys = counted.flatMap((value) => (typeof value === "string" ? [] : [value.key]));
  return { keys, takesFileAndPassword: counted.includes("more") };
}

/**
 * Parses "TYPE BASE64 COMMENT", or BASE64 alone, which names its type itself: a boot loader's configuration may take no
 * blanks (RFC 4253, section 6.6).
 */
function parsePublicKey(text: string): string | undefined {
  const base64 = text.split(" ").find((word) => word.startsWith("AAAA")) ?? "";
  const blob = Buffer.from(base64, "base64");
  if (blob.length < LENGTH_BYTES || blob.toString("base64") !== base64) return undefined;
  const end = LENGTH_BYTES + blob.readUInt32BE();
  const type = blob.toString("latin1", LENGTH_BYTES, end);
  const isWhole = blob.length > end + LENGTH_BYTES && text.startsWith(text === base64 ? base64 : `${type} `);
  return isWhole && KEY_TYPES.test(type) ? `${type} ${base64}` : undefined;
}
