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
const SECRET = new RegExp(`"(${NAME})=[^"]*"|(${NAME})=("[^"]*"|\\S*)`, "g");

/** The text with every password and key of a kernel command line in it replaced by three stars. */
export function hideSecrets(text: string): string {
  return text.replace(SECRET, (_, quoted?: string, plain?: string) => `${quoted ?? plain}=***`);
}
