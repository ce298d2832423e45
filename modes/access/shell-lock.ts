/** The password of the shells: what the script that asks for it compares. */

import { replaceFile } from "../../system/files.ts";

/** A salt, and the SHA-256 of salt and password, in hexadecimal; for root alone. */
export const LOCK_PATH = "/run/clump/shell.lock";

/** Asks for the password, then becomes a login shell. */
export const LOCKED_SHELL = "/usr/lib/clump/lock";

/** Makes every shell ask for this password. @throws the error of the file system */
export function lockShells(root: string, password: string, salt: string): void {
  const hash = new Bun.CryptoHasher("sha256").update(salt + password).digest("hex");
  replaceFile(root + LOCK_PATH, `${salt} ${hash}\n`, 0o600);
}
