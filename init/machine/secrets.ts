/** What of the kernel command line is for us alone, kept out of whatever others may read. */

/** Words whose value is a secret. */
export const SECRET_NAMES: readonly string[] = [
  "clump.key",
  "clump.vnc.password",
  "inst.vncpassword",
  "clump.shell.password",
];
const NAME = SECRET_NAMES.map((name) => name.replaceAll(".", "\\.")).join("|");
/** A value may be quoted, and so may the whole word: Documentation/admin-guide/kernel-parameters.rst. */
const PATTERN = `"(${NAME})=[^"]*"|(${NAME})=("[^"]*"|[^[:space:]]*)`;
const SECRET = new RegExp(PATTERN.replace("[^[:space:]]", "\\S"), "g");

/** The text with every password and key of a kernel command line in it replaced by three stars. */
export function hideSecrets(text: string): string {
  return text.replace(SECRET, (_, quoted?: string, plain?: string) => `${quoted ?? plain}=***`);
}

/** The same as a command of sed(1) with extended expressions, for a log that nobody here reads. */
export function sedSecrets(): string {
  return `s/${PATTERN}/\\1\\2=***/g`;
}
