/** Secrets of the kernel command line, removed from texts that others may read. */

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
 * lib/cmdline.c, as `splitParameters()` reads it.
 */
const REST = '("[^"]*("|$)|[^[:space:]"])*';
const PATTERN = `"(${NAME})=[^"]*("${REST})?|(${NAME})=${REST}`;
const SECRET = new RegExp(PATTERN.replaceAll("[:space:]", "\\s"), "g");
/** The groups of `PATTERN` that hold a name. */
const NAMES = [1, 5] as const;

/** A name or password in a URL, up to its last @: one that has a slash in it is no URL, and no less a secret. */
const USER = '://("[^"]*"|[^[:space:]"])*@';
/** The same within quotes, where it may have blanks; what stands behind a quote that ends is another word. */
const QUOTED_USER = '((^|[[:space:]=])"[^"]*)://[^"]*@';
const [URL_USER, URL_QUOTED_USER] = [USER, QUOTED_USER].map(
  (pattern) => new RegExp(pattern.replaceAll("[:space:]", "\\s"), "g"),
) as [RegExp, RegExp];

/** A line, or a kernel command line, with every password and key in it, and who a URL is for, as three stars. */
export function hideSecrets(text: string): string {
  return text
    .replace(SECRET, (...groups) => `${NAMES.map((group) => groups[group] ?? "").join("")}=***`)
    .replace(URL_USER, "://***@")
    .replace(URL_QUOTED_USER, "$1://***@");
}

/** The same as commands of sed -E, for a log that sed(1) shows. */
export function sedSecrets(): string {
  return [
    `s/${PATTERN}/${NAMES.map((group) => `\\${group}`).join("")}=***/g`,
    `s#${USER}#://***@#g`,
    `s#${QUOTED_USER}#\\1://***@#g`,
  ].join(";");
}

/** A value alone, which may have blanks, with who a URL in it is for as three stars. */
export function hideUser(value: string): string {
  return value.replace(/:\/\/.*@/, "://***@");
}
