/** The password of the shells, as the script that asks for it compares it. */

import { replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";

/** A script that asks for the password and then executes a login shell. */
export const LOCKED_SHELL = "/usr/lib/clump/lock";

/** Sets the password of every shell. @throws the error of the file system */
export function lockShells(root: string, password: string, salt: string = crypto.randomUUID()): void {
  const hash = new Bun.CryptoHasher("sha256").update(salt + password).digest("hex");
  replaceFile(root + PATHS.shellLock, `${salt} ${hash}\n`, 0o600);
}
