/** The command `clump key`, and the key file of a workstation. */

import { randomBytes } from "node:crypto";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { KEY_PATH } from "../../cluster/security/key.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { readOptional, replaceFile } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { KEY_HELP } from "./help.ts";
import { MACHINE, needRoot, type Workstation } from "./workstation.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
/** 160 bits: nobody tries them all. */
const KEY_BYTES = 20;

/** The text of the key; `undefined` where there is none. */
export function readKeyText(root: string): string | undefined {
  return readOptional(root + KEY_PATH)?.trim() || undefined;
}

/** A key that also goes through boot loaders: letters and digits. */
export function makeKey(): string {
  return randomBytes(KEY_BYTES).toString("hex");
}

/** @throws Error that says what was wanted, and the error of the file system */
export function writeKeyText(root: string, key: string): void {
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error("Cannot use that key: printable characters without blanks were wanted");
  replaceFile(root + KEY_PATH, `${key}\n`, 0o600);
}

/** Runs `clump key` with the words after it. Returns the exit code. */
export function runKey(
  words: readonly string[],
  { root, stdout, stderr }: CommandIo,
  machine: Pick<Workstation, "isRoot"> = MACHINE,
): number {
  if (asksForHelp(words)) {
    stdout(formatHelp(KEY_HELP));
    return EXIT.ok;
  }
  const [verb = "", surplus] = words;
  if (!["show", "new"].includes(verb) || surplus !== undefined) {
    const wrong = words.length === 0 ? "Cannot do nothing" : `Cannot use "${surplus ?? verb}"`;
    stderr(formatRefusal(KEY_HELP, `${wrong}: show or new was wanted`));
    return EXIT.usage;
  }
  try {
    needRoot(verb === "show" ? "show the key" : "make a key", machine);
    if (verb === "new") writeKeyText(root, makeKey());
    const key = readKeyText(root);
    if (key === undefined) throw new Error("Cannot show the key: there is none, and clump join makes one");
    stdout(`${key}\n`);
    return EXIT.ok;
  } catch (error) {
    stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}
