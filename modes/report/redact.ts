/** Removes secrets from a report. */

import { KEY_PATH } from "../../cluster/security/key.ts";
import { readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { hideSecrets, SECRET_NAMES } from "../../system/secrets.ts";
import { readAccess } from "../../system/state/access.ts";
import { decodePart } from "../../system/state/report-target.ts";
import { readTargetOption } from "./target-option.ts";

/** A shorter secret would match everywhere, and protects nothing. */
const SHORTEST_SECRET = 4;

/** Keys and passwords of the machine below `root`, typed or generated. */
export function findSecrets(root: string): string[] {
  const words = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const given = words.flatMap((word) => {
    const equals = word.indexOf("=");
    return SECRET_NAMES.includes(word.slice(0, Math.max(equals, 0))) ? [word.slice(equals + 1)] : [];
  });
  const { password: ofUrl = "" } = URL.parse(readTargetOption(root)) ?? {};
  const key = readOptional(root + KEY_PATH)?.split("\n") ?? [];
  const password = readAccess(root)?.password ?? "";
  return [...given, ofUrl, decodePart(ofUrl), ...key, password]
    .map((text) => text.trim())
    .filter((text) => text.length >= SHORTEST_SECRET);
}

/** Replaces these secrets, and texts that look like secrets, by "***". */
export function redact(text: string, secrets: readonly string[]): string {
  // Longest first, because one secret may be the beginning of another.
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length);
  const without = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  // Line by line, because a quote that is never closed would hide the lines below.
  return without
    .split("\n")
    .map((line) => hideSecrets(line))
    .join("\n");
}
