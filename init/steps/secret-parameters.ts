/** Hides the secrets of the kernel command line from programs that need none. */

import { readFileSync } from "node:fs";
import { KEY_PATH } from "../../cluster/security/key.ts";
import { readTargetOption } from "../../modes/report/target-option.ts";
import { replaceFile } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";
import { hideSecrets } from "../../system/secrets.ts";
import { PATHS } from "../../system/state/paths.ts";

/**
 * Covers /proc/cmdline with a text without secrets. The cluster key, and a report target with a password, go into files
 * for root alone.
 * @throws SyscallError, or the error of the file system
 */
export function hideSecretParameters(
  { kernel, root }: Pick<Machine, "kernel" | "root">,
  { key }: { readonly key?: string },
): void {
  if (key !== undefined) replaceFile(root + KEY_PATH, `${key}\n`, 0o600);
  const path = `${root}/proc/cmdline`;
  const text = readFileSync(path, "utf8");
  const shown = hideSecrets(text);
  if (shown === text) return;
  const target = readTargetOption(root);
  if (target !== "") replaceFile(root + PATHS.reportTarget, `${target}\n`, 0o600);
  replaceFile(root + PATHS.commandLine, shown, 0o444);
  kernel.mount({ source: root + PATHS.commandLine, target: path, type: "", flags: ["bind"] });
}
