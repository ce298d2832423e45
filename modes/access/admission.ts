/** Writes the files with the password that VNC and the screen read. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Access, chooseAccess, type VncUse, writeAccess } from "../../system/state/access.ts";
import { PATHS } from "../../system/state/paths.ts";

/** Writes who may view the node below `root`, and how. @throws the error of the file system */
export async function admitViewers(root: string, { password, vnc }: AdmissionOptions): Promise<Access> {
  const { randomInt } = await import("node:crypto");
  const { encodeVncPassword } = await import("../vnc/vnc-password.ts");
  const access: Access = { ...chooseAccess(password, (below) => randomInt(below)), ...(vnc && { vnc }) };
  writeAccess(root, access);
  const path = root + PATHS.vncPassword;
  rmSync(path, { force: true });
  if (vnc === undefined || access.password === undefined) return access;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeVncPassword(access.password), { mode: 0o600 });
  return access;
}

export interface AdmissionOptions {
  /** As typed; undefined makes a random password. */
  readonly password: string | undefined;
  /** Undefined without VNC. */
  readonly vnc: VncUse | undefined;
}
