/** Writes the files that let people in by ssh; `ssh.sh` and dropbear read them. */

import { replaceFile } from "../../system/files.ts";
import { PATHS } from "../../system/state/paths.ts";
import type { SshRequest } from "./ssh-request.ts";

/** A second of an emulated processor: a stranger can try few passwords, and a person hardly waits. */
const BCRYPT_COST = 10;

/** The password counts only where the request says so. @throws the error of the file system */
export async function letSshIn(
  root: string,
  { keys, takesFileAndPassword }: SshRequest,
  shellPassword: string | undefined,
): Promise<void> {
  replaceFile(root + PATHS.sshKeys, keys.map((key) => `${key}\n`).join(""), 0o600);
  if (!takesFileAndPassword || shellPassword === undefined) return;
  // crypt(5) knows bcrypt; the fields are those of shadow(5).
  const hash = await Bun.password.hash(shellPassword, { algorithm: "bcrypt", cost: BCRYPT_COST });
  replaceFile(`${root}/etc/shadow`, `root:${hash}:::::::\n`, 0o600);
}
