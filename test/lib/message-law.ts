/** The form of every message about a wrong word: *Cannot do what: why, and what was wanted*. */

import { expect } from "bun:test";

const LAW = /^(?:[a-z]+: )?Cannot [^:]+[^: ]: [^\n]*\bwanted\b[^\n]*$/;

/** A word that no command can use, with what would clear a terminal and break a line. */
export const ABSURD = "\x1b[2J\n🙂';$(reboot)";

/** Checks what a command says of a wrong word on standard error; `word` is the word as typed. */
export function expectLawful(errors: string, word?: string): void {
  const lines = errors.trimEnd().split("\n");
  expect(lines[0]).toMatch(LAW);
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(errors.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(errors).not.toMatch(/\bNaN\b|undefined|\[object|\bE[A-Z]{4,}\b|^ {4}at /m);
  if (word !== undefined) expect(lines[0]).toContain(word.replaceAll(/\p{Cc}/gu, "?"));
}
