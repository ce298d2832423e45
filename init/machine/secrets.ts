/** What of the kernel command line is for us alone, kept out of whatever others may read. */

/** Words whose value is a secret. */
export const SECRET_NAMES: readonly string[] = [
  "clump.key",
  "clump.vnc.password",
  "inst.vncpassword",
  "clump.shell.password",
];
const NAME = SECRET_NAMES.map((name) => name.replaceAll(".", "\\.")).join("|");
/**
 * Quotes may stand around the whole word or anywhere in its value, and the last may be missing; next_arg() of
 * lib/cmdline.c, as `splitWords()` reads it.
 */
const REST = '("[^"]*("|$)|[^[:space:]"])*';
const PATTERN = `"(${NAME})=[^"]*("${REST})?|(${NAME})=${REST}`;
const SECRET = new RegExp(PATTERN.replaceAll("[:space:]", "\\s"), "g");
/** The groups of `PATTERN` that hold a name. */
const NAMES = [1, 5] as const;

/** A line, or a kernel command line, with every password and key in it replaced by three stars. */
export function hideSecrets(text: string): string {
  return text.replace(SECRET, (...groups) => `${NAMES.map((group) => groups[group] ?? "").join("")}=***`);
}

/** The same as a command of sed(1) with extended expressions, for a log that nobody here reads. */
export function sedSecrets(): string {
  return `s/${PATTERN}/${NAMES.map((group) => `\\${group}`).join("")}=***/g`;
}
